"""The addresses of the data room."""

from django.urls import path

from huisheng.app.web.data import (
    columns,
    coverage,
    history,
    progress,
    rejected,
    undo,
    views,
    watched,
)

urlpatterns = [
    path("", views.front, name="data"),
    path("upload", views.upload, name="data-upload"),
    path("templates/", views.blanks, name="data-blanks"),
    path("templates/<slug:table>.csv", views.blank, name="data-blank"),
    path("coverage", coverage.page, name="data-coverage"),
    path("history", history.page, name="data-history"),
    path("history/<slug:mark>/undo", undo.page, name="data-undo"),
    path("folders/", watched.page, name="data-watched"),
    path("folders/<int:folder_id>/stop", watched.stop, name="data-watched-stop"),
    path("analyze", progress.analyze, name="data-analyze"),
    path("jobs/<int:job_id>", progress.page, name="data-job"),
    path("jobs/<int:job_id>/progress", progress.fragment, name="data-job-progress"),
    path("jobs/<int:job_id>/cancel", progress.stop, name="data-job-cancel"),
    path("jobs/<int:job_id>/again", progress.again, name="data-job-again"),
    path("jobs/<int:job_id>/columns", columns.editor, name="data-columns"),
    path("quarantine/", rejected.listing, name="data-quarantine"),
    path("quarantine/<slug:mark>", rejected.page, name="data-rejected"),
    path("quarantine/<slug:mark>.csv", rejected.download, name="data-rejected-csv"),
    path("quarantine/<slug:mark>/corrected", rejected.corrected, name="data-corrected"),
]
