"""The web application: one Django app per room, pages over the same facts as the command line."""

from huisheng.app.web.server import prepare, serve

__all__ = ["prepare", "serve"]
