"""Django settings, made from the environment that `huisheng serve` prepares."""

import os
from pathlib import Path

import dj_database_url

from huisheng.app import report
from huisheng.app.web.keys import secret_key

WORKSPACE = Path(os.environ.get("HUISHENG_WORKSPACE", "huisheng-workspace"))
"""The workspace this process serves."""

SECRET_KEY = secret_key(WORKSPACE)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HUISHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
PROXIES = int(os.environ.get("HUISHENG_PROXIES", "0"))
"""How many proxies of ours stand before the server and append to `X-Forwarded-For`."""
ROOT_URLCONF = "huisheng.app.web.urls"
WSGI_APPLICATION = "huisheng.app.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "huisheng.app.web.shell",
    "huisheng.app.web.accounts",
    "huisheng.app.web.audit",
    "huisheng.app.web.trail",
    "huisheng.app.web.privacy",
    "huisheng.app.web.overview",
    "huisheng.app.web.measures",
    "huisheng.app.web.voices",
    "huisheng.app.web.findings",
    "huisheng.app.web.exports",
    "huisheng.app.web.digest",
    "huisheng.app.web.channels",
    "huisheng.app.web.jobs",
    "huisheng.app.web.data",
    "huisheng.app.web.settings",
    "huisheng.app.web.api",
]
MIDDLEWARE = [
    "huisheng.app.web.shell.middleware.SecurityHeaders",
    "huisheng.app.web.shell.arriving.Arriving",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "huisheng.app.web.accounts.middleware.SignedIn",
    "huisheng.app.web.api.door.Door",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "OPTIONS": {"environment": "huisheng.app.web.shell.templating.environment"},
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("HUISHENG_DATABASE_URL", f"sqlite:///{WORKSPACE / 'desk.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Readers never wait for a writer, and a writer takes its lock when the transaction begins.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LEAST_PASSWORD_LENGTH = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": LEAST_PASSWORD_LENGTH}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [Path(report.__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("HUISHENG_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
API_PER_MINUTE = int(os.environ.get("HUISHENG_API_PER_MINUTE", "600"))
"""Requests that one token may make in a minute."""
API_FAILURES = int(os.environ.get("HUISHENG_API_FAILURES", "20"))
"""Wrong tokens that one address may try in a quarter of an hour."""
MAIL_HOSTS = os.environ.get("HUISHENG_MAIL_HOSTS", "").split(",")
"""Mail servers of one's own network, as `host` or `host:port`; all others must lie outside."""
ROBOT_HOSTS = os.environ.get("HUISHENG_ROBOT_HOSTS", "").split(",")
"""Origins (`https://host:port`) that group robots may have besides their platforms' own."""
CSRF_FAILURE_VIEW = "huisheng.app.web.shell.views.stale_form"

# Without this, Django keeps what went wrong to itself as soon as DEBUG is off.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "huisheng.app.web.shell.logs.Masked"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "masked", "level": "WARNING"}
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "huisheng": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
