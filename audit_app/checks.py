"""System checks: the database guards the audit log, and every connection lets it."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's name
from django.db import connections

from audit_app import roles, triggers
from audit_app.exceptions import UnfitSigningKey
from audit_app.signing import public_key


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


@register(Tags.database)
def application_cannot_change_rows(
    *, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """W003: the role of the application could change audit rows, were the triggers gone."""
    return [
        Warning(
            f"The application's database role could change the audit log: {', '.join(allowed)}.",
            hint="Let another role own the tables: docs/operations.md, DATABASE_OWNER_URL.",
            id="audit_app.W003",
        )
        for alias in databases or []
        if (allowed := roles.changes_allowed(connections[alias]))
    ]


@register
def signing_key_and_retention(**_options: object) -> list[CheckMessage]:
    """E004, E005: AUDIT_SIGNING_KEY must be a key, AUDIT_RETENTION_DAYS a number of days."""
    wrong: list[CheckMessage] = []
    if settings.AUDIT_SIGNING_KEY:
        try:
            public_key()
        except UnfitSigningKey as fault:
            wrong.append(Error(f"AUDIT_SIGNING_KEY: {fault}", id="audit_app.E004"))
    if settings.AUDIT_RETENTION_DAYS < 0:
        message = "AUDIT_RETENTION_DAYS must be a number of days, or 0 to keep everything."
        wrong.append(Error(message, id="audit_app.E005"))
    return wrong


def _replacing_fires_triggers(alias: str) -> bool:
    if connections[alias].vendor != "sqlite":
        return True
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        return bool(cursor.fetchone()[0])
