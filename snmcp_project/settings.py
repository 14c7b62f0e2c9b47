"""Every setting of the server, read from the environment (also from NAME_FILE) with its type.

The public ones are listed in `.env.example` and `docs/settings.md`.
"""

import gc
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import global_settings

from oauth_app.authorization_server.provider_settings import provider_settings
from snmcp_project import admin_settings
from snmcp_project.environment import Environment
from snmcp_project.logs import logging_settings

# Until every app is ready (`apps.py`): what is imported is no garbage, and looking for some takes a
# third of the time in which a process starts.
gc.disable()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment()
ENV_FILE = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
if ENV_FILE and Path(ENV_FILE).is_file():
    env.read_env(ENV_FILE)

# --- this server -----------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
MCP_PORT = env.int("MCP_PORT", default=8080)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default=f"http://localhost:{MCP_PORT}").rstrip("/")
MCP_RESOURCE = PUBLIC_BASE_URL + "/mcp"
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
MCP_URL_TOKENS = env.bool("MCP_URL_TOKENS", default=False)
MCP_ACCESS_TOKEN_TTL = env.int("MCP_ACCESS_TOKEN_TTL", default=43_200)
MCP_REFRESH_TOKEN_TTL = env.int("MCP_REFRESH_TOKEN_TTL", default=7_776_000)
RATE_LIMIT_PER_USER = env.int("RATE_LIMIT_PER_USER", default=60)
RECONNECT_TOKEN_TTL = env.int("RECONNECT_TOKEN_TTL", default=8_640_000)
READ_ONLY = env.bool("READ_ONLY", default=False)
TOKEN_ENCRYPTION_KEY = env.str("TOKEN_ENCRYPTION_KEY", default="")
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", default="")
AUDIT_CHECKPOINTS = env.str("AUDIT_CHECKPOINTS", default=str(VAR_DIR / "audit-checkpoints.jsonl"))
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", default=365)

# --- ServiceNow ------------------------------------------------------------------------------

SERVICENOW_INSTANCE_URL = env.str("SERVICENOW_INSTANCE_URL", default="").rstrip("/")
SERVICENOW_CLIENT_ID = env.str("SERVICENOW_CLIENT_ID", default="")
SERVICENOW_CLIENT_SECRET = env.str("SERVICENOW_CLIENT_SECRET", default="")
SERVICENOW_TIMEOUT_SECONDS = env.int("SERVICENOW_TIMEOUT_SECONDS", default=30)
SERVICENOW_ALLOWED_HOSTS = env.list(
    "SERVICENOW_ALLOWED_HOSTS",
    default=[urlsplit(SERVICENOW_INSTANCE_URL).hostname] if SERVICENOW_INSTANCE_URL else [],
)
OAUTH_REDIRECT_URI = env.str("OAUTH_REDIRECT_URI", default=PUBLIC_BASE_URL + "/oauth/callback")

# --- Django ----------------------------------------------------------------------------------

_public = urlsplit(PUBLIC_BASE_URL)
IS_HTTPS = _public.scheme == "https"
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
IS_LOOPBACK = (_public.hostname or "") in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = [_public.hostname or "localhost", *(_LOOPBACK if IS_LOOPBACK else [])]

INSTALLED_APPS = [
    "daphne",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "oauth2_provider",
    "rest_framework",
    "django_structlog",
    "oauth_app",
    "tools_app",
    "audit_app",
    "mcp_app",
    "snmcp_project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "snmcp_project.admin_site.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "snmcp_project.admin_addresses.WithoutNullCharacters",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]
ROOT_URLCONF = "snmcp_project.urls"
ASGI_APPLICATION = "snmcp_project.asgi.application"
AUTH_USER_MODEL = "oauth_app.User"
PASSWORD_HASHERS = [
    *global_settings.PASSWORD_HASHERS,
    "oauth_app.authorization_server.client_secrets.RandomSecretHasher",
]
LOGIN_URL = "/oauth/authorize"
LOGIN_REDIRECT_URL = "/connection"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

# --- database and Redis ----------------------------------------------------------------------

# WAL lets readers go on while one writes; FULL makes each commit durable, which the audit log
# promises; recursive_triggers makes INSERT OR REPLACE fire the triggers that guard it.
_SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;",
}
# Without these, a server that vanished (its host, or the network to it) is waited for up to a
# quarter of an hour. DATABASE_URL may say otherwise: `?connect_timeout=10`.
_POSTGRES_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds until what was sent must be acknowledged
    # A host that vanishes while it owes an answer is noticed within half a minute, not two hours.
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/snmcp.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(_SQLITE_OPTIONS)
    # SQLite makes the file and not its folder, which a fresh clone does not have.
    Path(DATABASES["default"]["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["OPTIONS"] = _POSTGRES_OPTIONS | DATABASES["default"].get("OPTIONS", {})
# Who may change tables and remove audit records: for `migrate` and retention alone.
DATABASE_OWNER: dict[str, Any] = (
    env.db("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", default="") else {}
)

EMBEDDED_REDIS_DIR = VAR_DIR / "redis"
REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{EMBEDDED_REDIS_DIR}/redis.sock"

# Counts and pauses that hold for all processes: registrations of clients, failed look-ups of them.
CACHES = {
    "default": {
        "BACKEND": "snmcp_project.caching.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "snmcp",
    }
}

# --- Celery ----------------------------------------------------------------------------------

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
# Reasons and measurements: docs/operations.md, "Celery".
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 45
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_TIMEZONE = "UTC"

# --- people's browsers -----------------------------------------------------------------------

_COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_ENGINE = "oauth_app.sessions"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
CSRF_FAILURE_VIEW = "mcp_app.portal.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# `no-referrer` would break Django's CSRF check of every form over https.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- language, time, files -------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

# --- authorization server for MCP clients ----------------------------------------------------

# Django looks these three up by name when a model of ours points at a swappable one.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"  # noqa: S105  # a model's name
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"  # noqa: S105  # a model's name
OAUTH2_PROVIDER: dict[str, Any] = provider_settings(
    public_base_url=PUBLIC_BASE_URL,
    access_token_seconds=MCP_ACCESS_TOKEN_TTL,
    refresh_token_seconds=MCP_REFRESH_TOKEN_TTL,
)

# --- admin -----------------------------------------------------------------------------------

UNFOLD = admin_settings.UNFOLD

# --- checks that do not fit --------------------------------------------------------------------

SILENCED_SYSTEM_CHECKS = [
    "oauth2_provider.W008",  # http redirects are held to loopback: authorization_server/redirects
    "security.W005",  # HSTS of sibling hosts is for whoever owns the domain,
    "security.W021",  # and so is preloading it
    "security.W008",  # the proxy redirects to https; /mcp answers no redirect
]

# --- logs ------------------------------------------------------------------------------------

# The address was settled in `proxies.py`; a header of the client's must not be taken for it.
IPWARE_META_PRECEDENCE_ORDER = ("REMOTE_ADDR",)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING = logging_settings(level=LOG_LEVEL, style=LOG_FORMAT)
