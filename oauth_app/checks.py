"""A wrong deployment is told at start, with what to do, instead of by a failure at night."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's name
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS

from oauth_app.encryption import keyset
from oauth_app.encryption_canary import compare_with_canaries, is_installed
from oauth_app.exceptions import HostNotAllowed, WeakKey, WrongKeys
from oauth_app.instances import allowed_address
from oauth_app.models.instances import REFRESH_TOKEN_LIFE_SECONDS
from servicenow.base_url import is_loopback

_SHORTEST_SECRET: Final = 50
_FEWEST_CHARACTERS: Final = 5

Apps = Sequence[AppConfig] | None


def is_production() -> bool:
    """Whether this server is for others than whoever runs it: its address is not loopback."""
    return not is_loopback(urlsplit(settings.PUBLIC_BASE_URL).hostname or "")


@register
def encryption_keys(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """E001: TOKEN_ENCRYPTION_KEY has to hold good keys."""
    try:
        keyset()
    except WeakKey as fault:
        hint = "Run `manage.py generate_key` and put what it prints into TOKEN_ENCRYPTION_KEY."
        return [Error(f"TOKEN_ENCRYPTION_KEY: {fault}.", hint=hint, id="oauth_app.E001")]
    return []


@register(Tags.database)
def keys_of_this_database(
    *, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """E006: the keys are those the database was encrypted with.

    Runs where a command names the databases to look at, and lets E001 speak of unfit keys.
    """
    if DEFAULT_DB_ALIAS not in (databases or []) or not is_installed():
        return []
    try:
        compare_with_canaries(keyset())
    except WrongKeys as fault:
        hint = "Compare with the settings of a server that works, or of a backup."
        return [Error(str(fault), hint=hint, id="oauth_app.E006")]
    except WeakKey:
        pass
    return []


@register
def secret_key(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """E002: SECRET_KEY signs cookies and CSRF tokens, so it must not be guessable."""
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) >= _SHORTEST_SECRET and len(set(secret)) >= _FEWEST_CHARACTERS:
        return []
    return [
        Error(
            f"SECRET_KEY is missing or shorter than {_SHORTEST_SECRET} characters.",
            hint="Set it to a long random text, and keep it the same across restarts.",
            id="oauth_app.E002",
        )
    ]


@register
def public_address(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """E003, W003: where people and clients reach this server, and where they come back to."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    wrong: list[CheckMessage] = []
    if not parts.hostname or parts.path or parts.query or parts.fragment:
        message = "PUBLIC_BASE_URL must be scheme, host and port only."
        wrong.append(Error(message, hint="Such as https://mcp.example.com", id="oauth_app.E003"))
    elif parts.scheme != "https" and is_production():
        message = "PUBLIC_BASE_URL must be https outside this machine: tokens travel there."
        wrong.append(Error(message, hint="Put a TLS proxy in front.", id="oauth_app.E003"))
    if settings.OAUTH_REDIRECT_URI != settings.PUBLIC_BASE_URL + "/oauth/callback":
        message = "OAUTH_REDIRECT_URI is not PUBLIC_BASE_URL + /oauth/callback."
        hint = "Sign-ins end at /oauth/callback; anything else needs a proxy that leads there."
        wrong.append(Warning(message, hint=hint, id="oauth_app.W003"))
    return wrong


@register
def default_instance_settings(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """E004, W004: the instance that the settings describe."""
    if not settings.SERVICENOW_INSTANCE_URL:
        message = "SERVICENOW_INSTANCE_URL is not set: nobody can sign in until an instance exists."
        hint = "Set it, or list hosts in SERVICENOW_ALLOWED_HOSTS and make instances in the admin."
        return [Warning(message, hint=hint, id="oauth_app.W004")]
    wrong: list[CheckMessage] = []
    try:
        allowed_address(settings.SERVICENOW_INSTANCE_URL)
    except HostNotAllowed as fault:
        message, hint = (
            f"SERVICENOW_INSTANCE_URL: {fault}.",
            "Such as https://example.service-now.com",
        )
        wrong.append(Error(message, hint=hint, id="oauth_app.E004"))
    if not settings.SERVICENOW_CLIENT_ID:
        message = "SERVICENOW_CLIENT_ID is not set."
        hint = "Register an OAuth client on the instance with OAUTH_REDIRECT_URI."
        wrong.append(Error(message, hint=hint, id="oauth_app.E004"))
    return wrong


@register
def lives(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """E005, W005: RECONNECT_TOKEN_TTL."""
    seconds = settings.RECONNECT_TOKEN_TTL
    if seconds <= 0:
        return [Error("RECONNECT_TOKEN_TTL must be positive.", id="oauth_app.E005")]
    if seconds > REFRESH_TOKEN_LIFE_SECONDS:
        message = "RECONNECT_TOKEN_TTL is longer than a ServiceNow refresh token usually lives."
        hint = "A reconnect token ends with the refresh token all the same."
        return [Warning(message, hint=hint, id="oauth_app.W005")]
    return []


@register
def production_services(app_configs: Apps, **_: object) -> list[CheckMessage]:  # noqa: ARG001  # Django's signature
    """W006, W007: what is for trying out only."""
    if not is_production():
        return []
    return only_for_trying_out(
        engine=settings.DATABASES["default"]["ENGINE"], redis_url=settings.REDIS_URL
    )


def only_for_trying_out(*, engine: str, redis_url: str) -> list[CheckMessage]:
    """Return a warning for each service that one process can use but a site should not."""
    wrong: list[CheckMessage] = []
    if engine.endswith("sqlite3"):
        message = "SQLite is for trying out; it lets one process write at a time."
        hint = "Set DATABASE_URL to a PostgreSQL database."
        wrong.append(Warning(message, hint=hint, id="oauth_app.W006"))
    if str(settings.EMBEDDED_REDIS_DIR) in redis_url:
        message = "The embedded Redis is for trying out; several servers cannot share it."
        wrong.append(Warning(message, hint="Set REDIS_URL.", id="oauth_app.W007"))
    return wrong
