"""Which room answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("huisheng.app.web.overview.urls")),
    path("", include("huisheng.app.web.accounts.urls")),
    path("voices/", include("huisheng.app.web.voices.urls")),
    path("metrics/", include("huisheng.app.web.measures.urls")),
    path("findings/", include("huisheng.app.web.findings.urls")),
    path("exports/", include("huisheng.app.web.exports.urls")),
    path("data/", include("huisheng.app.web.data.urls")),
    path("settings/digest/", include("huisheng.app.web.digest.urls")),
    path("settings/channels/", include("huisheng.app.web.channels.urls")),
    path("settings/", include("huisheng.app.web.settings.urls")),
    path("audit/", include("huisheng.app.web.trail.urls")),
    path("privacy/", include("huisheng.app.web.privacy.urls")),
    path("", include("huisheng.app.web.api.urls")),
    path("", include("huisheng.app.web.shell.urls")),
]
handler404 = "huisheng.app.web.shell.views.not_found"
handler403 = "huisheng.app.web.shell.views.forbidden"
handler500 = "huisheng.app.web.shell.views.broken"
