"""The web application: one Django app per room, pages over the same facts as the command line."""

from huisheng.app.web.server import check_free, prepare, serve

__all__ = ["check_free", "prepare", "serve"]
