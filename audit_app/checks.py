"""System checks: the database guards the audit log, and every connection lets it."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from audit_app import triggers


@register(Tags.database)
def audit_rows_are_guarded(
    *, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """E001: each trigger that is missing. Runs where a command names the databases to look at."""
    return [
        Error(
            f"The database does not protect the audit log: trigger {name} is missing or changed.",
            hint="Run `manage.py protect_audit_log`, and find out who removed it.",
            id="audit_app.E001",
        )
        for alias in databases or []
        for name in triggers.missing(connections[alias])
    ]


@register(Tags.database)
def replacing_fires_triggers(
    *, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """E002: a SQLite connection on which INSERT OR REPLACE would pass the triggers by."""
    return [
        Error(
            "SQLite's recursive_triggers is off: INSERT OR REPLACE could change audit rows.",
            hint="Keep PRAGMA recursive_triggers=ON in the database's init_command.",
            id="audit_app.E002",
        )
        for alias in databases or []
        if not _replacing_fires_triggers(alias)
    ]


def _replacing_fires_triggers(alias: str) -> bool:
    if connections[alias].vendor != "sqlite":
        return True
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        return bool(cursor.fetchone()[0])
