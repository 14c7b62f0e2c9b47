"""The checks: what must be well for a server to be ready, and what only makes it worse.

Not ready is a server that could not record a call or read a token. All else goes on without Redis,
without Celery and with a wrong client secret, for everybody who is served by what is left.
"""

from functools import cache
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from audit_app.health import checkpoint_fault, recording_fault, sealing_fault
from oauth_app.encryption_canary import key_fault
from oauth_app.refresh_health import client_faults, sweep_fault
from snmcp_project.health.findings import Check

_REDIS_SECONDS: Final = 0.5
_PROBE: Final = "snmcp:probe"
_PROBE_LASTS_SECONDS: Final = 60


def database_fault() -> str:
    """Raise what the database raises where it is away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def migrations_fault() -> str:
    """Return a sentence where `migrate` was not run; newer migrations than ours do no harm."""
    lacking = newest_migrations() - set(MigrationRecorder(connection).applied_migrations())
    apps = sorted({app for app, _name in lacking})
    if not apps:
        return ""
    return f"The database lacks migrations of {', '.join(apps)}: run `manage.py migrate`."


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """Return app and name of the last migration of each app; reads the disk once."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def redis_fault() -> str:
    """Raise what Redis raises where it is away, or does not take what it is given."""
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        client.set(_PROBE, "1", ex=_PROBE_LASTS_SECONDS)
    return ""


# The first two come first: where one fails, those behind it are not asked.
DATABASE: Final = (
    Check("database", database_fault, "The database does not answer.", vital=True),
    Check(
        "migrations",
        migrations_fault,
        "The database is older than the program: `manage.py migrate` was not run.",
        vital=True,
    ),
    Check(
        "encryption_key",
        key_fault,
        "The encryption key does not fit the database. Nothing was changed; the log says more.",
        vital=True,
    ),
    Check(
        "audit_log",
        recording_fault,
        "Calls cannot be recorded safely, so none is made; the log says more.",
        vital=True,
    ),
    Check(
        "audit_sealing",
        lambda: sealing_fault() or checkpoint_fault(),
        "The audit log is sealed late, or its checkpoints are not written.",
    ),
    Check(
        "token_refresh",
        sweep_fault,
        "Tokens are not refreshed ahead of time; calls refresh them when they need them.",
    ),
    Check(
        "oauth_client",
        lambda: " ".join(client_faults()),
        "ServiceNow refuses to renew sign-ins: operators have to check the OAuth client.",
    ),
)
GATES: Final = {"database", "migrations"}
REDIS: Final = (
    Check(
        "redis",
        redis_fault,
        "Redis does not answer: reading goes on, what writes and signing in wait for it.",
    ),
)
