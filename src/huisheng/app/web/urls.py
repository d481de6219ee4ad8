"""Which room answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("huisheng.app.web.overview.urls")),
    path("", include("huisheng.app.web.accounts.urls")),
    path("findings/", include("huisheng.app.web.findings.urls")),
    path("", include("huisheng.app.web.shell.urls")),
]
handler404 = "huisheng.app.web.shell.views.not_found"
handler403 = "huisheng.app.web.shell.views.forbidden"
handler500 = "huisheng.app.web.shell.views.broken"
