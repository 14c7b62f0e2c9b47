"""Triggers by which the database itself refuses to change or remove audit rows.

SQLite drops a table's triggers silently whenever Django remakes the table (any AlterField), so
every migration that touches an audit table ends with `install`, and `checks` proves them present.
INSERT OR REPLACE fires them on SQLite only with `recursive_triggers` on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from audit_app.append_only import AppendOnlyModel

_REFUSAL = "audit records are append-only"
_FUNCTION = "audit_app_refuse_change"
_FUNCTION_BODY = f" BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END "
# pg_trigger.tgtype: 1 each row, 2 before, 8 DELETE, 16 UPDATE, 32 TRUNCATE.
_POSTGRESQL = {"no_change": 1 + 2 + 8 + 16, "no_truncate": 2 + 32}
_POSTGRESQL_EVENTS = {
    "no_change": "UPDATE OR DELETE ON {table} FOR EACH ROW",
    "no_truncate": "TRUNCATE ON {table} FOR EACH STATEMENT",
}
_SQLITE_EVENTS = {"no_update": "UPDATE", "no_delete": "DELETE"}


def guarded_tables() -> list[str]:
    """Return the tables whose rows may only be added."""
    models = apps.get_app_config("audit_app").get_models()
    guarded = [each for each in models if issubclass(each, AppendOnlyModel)]
    return [each._meta.db_table for each in guarded]  # noqa: SLF001  # Django documents `_meta`


def install(connection: BaseDatabaseWrapper, *, tables: Iterable[str]) -> None:
    """Make or remake the triggers of `tables`; safe to run twice."""
    remove(connection, tables=tables)
    statements = _postgresql_statements if _is_postgresql(connection) else _sqlite_statements
    with connection.cursor() as cursor:
        for table in tables:
            for statement in statements(table):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, *, tables: Iterable[str]) -> None:
    """Drop the triggers of `tables`: for a migration that is undone."""
    on_table = " ON {table}" if _is_postgresql(connection) else ""
    kinds = _POSTGRESQL if _is_postgresql(connection) else _SQLITE_EVENTS
    with connection.cursor() as cursor:
        for table in tables:
            for kind in kinds:
                cursor.execute(
                    f"DROP TRIGGER IF EXISTS {table}_{kind}" + on_table.format(table=table)
                )


@contextmanager
def switched_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let rows be removed or emptied inside: by the owner, in a transaction of the caller's.

    Whoever else looks meanwhile sees the triggers in place: until the transaction ends, all of
    this has not happened.
    """
    tables = guarded_tables()
    if _is_postgresql(connection):
        _run_for_each(connection, "ALTER TABLE {table} DISABLE TRIGGER {table}_no_change", tables)
    else:
        remove(connection, tables=tables)
    yield
    if _is_postgresql(connection):
        enable = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change"
        _run_for_each(connection, enable, tables)
    else:
        install(connection, tables=tables)


def _run_for_each(connection: BaseDatabaseWrapper, statement: str, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(statement.format(table=table))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that are absent, switched off or not what we installed.

    A table that does not exist yet (before the first `migrate`) misses none.
    """
    existing = set(connection.introspection.table_names())
    tables = [table for table in guarded_tables() if table in existing]
    find = _missing_on_postgresql if _is_postgresql(connection) else _missing_on_sqlite
    return find(connection, tables)


def _is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _postgresql_statements(table: str) -> Iterable[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $body${_FUNCTION_BODY}$body$"
    )
    for kind, event in _POSTGRESQL_EVENTS.items():
        name = f"{table}_{kind}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event.format(table=table)}"
            f" EXECUTE FUNCTION {_FUNCTION}()"
        )
        # ALWAYS: session_replication_role = replica does not switch it off.
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _sqlite_statements(table: str) -> Iterable[str]:
    for kind, event in _SQLITE_EVENTS.items():
        yield (
            f"CREATE TRIGGER {table}_{kind} BEFORE {event} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def _missing_on_postgresql(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    wanted = [
        (f"{table}_{kind}", table, tgtype, "A", _FUNCTION_BODY)
        for table in tables
        for kind, tgtype in _POSTGRESQL.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgtype, t.tgenabled, p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE pg_table_is_visible(c.oid) AND t.tgqual IS NULL"
        )
        present = set(cursor.fetchall())
    return [each[0] for each in wanted if each not in present]


def _missing_on_sqlite(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    wanted = [statement for table in tables for statement in _sqlite_statements(table)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        present = {statement for (statement,) in cursor.fetchall()}
    return [statement.split()[2] for statement in wanted if statement not in present]
