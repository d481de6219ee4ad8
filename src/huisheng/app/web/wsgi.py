"""What the server calls; the environment is prepared by `huisheng.app.web.server`."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from huisheng.app.web.warming import warm_in_background  # noqa: E402 (needs Django set up)

warm_in_background()
