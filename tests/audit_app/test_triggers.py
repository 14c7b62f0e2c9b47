"""The database itself refuses to change or remove a record, whoever asks."""

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction

from audit_app import services, triggers
from audit_app.models import ToolCall, ToolCallOutcome
from tests.audit_app.calls import a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")

TABLES = ["audit_app_toolcall", "audit_app_toolcalloutcome"]

# `make test` runs this file on both databases, so that none of these is left out.
of_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="about SQLite's own statements; runs in the fast suite"
)
of_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="about PostgreSQL's own statements; runs in the suite on PostgreSQL",
)


@pytest.fixture(autouse=True)
def _a_call(db: None) -> None:
    services.close_record(services.open_record(an_opening()), closing=a_closing())


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _rows() -> list[object]:
    return [*ToolCall.objects.values(), *ToolCallOutcome.objects.values()]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "UPDATE {} SET id = id + 1", "DELETE FROM {}"]
)
def test_the_database_refuses_to_change_or_remove(table: str, statement: str):
    before = _rows()
    with pytest.raises(DatabaseError, match="append-only"):
        _run(statement.format(table))
    assert _rows() == before


@pytest.mark.parametrize("table", TABLES)
@of_sqlite
def test_sqlite_refuses_to_replace_a_row(table: str):
    before = _rows()
    with pytest.raises(DatabaseError, match="append-only"):
        _run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert _rows() == before


@pytest.mark.parametrize("table", TABLES)
@of_postgresql
def test_postgresql_refuses_to_truncate_and_to_upsert(table: str):
    before = _rows()
    for statement in [
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = 99",
    ]:
        with pytest.raises(DatabaseError, match="append-only"):
            _run(statement)
    assert _rows() == before


@of_postgresql
def test_postgresql_refuses_a_session_that_calls_itself_a_replica():
    with pytest.raises(DatabaseError, match="append-only"):
        _run("SET LOCAL session_replication_role = replica; DELETE FROM audit_app_toolcall")


def test_flush_fails_instead_of_emptying_the_log():
    with pytest.raises(CommandError, match="flush"):
        call_command("flush", interactive=False, verbosity=0)
    assert ToolCall.objects.exists()


def test_every_append_only_table_is_guarded():
    assert sorted(triggers.guarded_tables()) == ["audit_app_seal", *TABLES]
    assert triggers.missing(connection) == []


def test_checks_pass_on_a_migrated_database(capsys: pytest.CaptureFixture[str]):
    call_command("check", databases=["default"])


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_trigger_is_an_error_that_names_it(table: str):
    triggers.remove(connection, tables=[table])
    with pytest.raises(SystemCheckError, match=f"audit_app.E001.*trigger {table}_no_"):
        call_command("check", databases=["default"])


def test_checks_that_name_no_database_look_at_none():
    triggers.remove(connection, tables=TABLES)
    call_command("check")


def test_a_trigger_that_was_weakened_counts_as_missing():
    if connection.vendor == "sqlite":
        _run("DROP TRIGGER audit_app_toolcall_no_update")
        _run(
            "CREATE TRIGGER audit_app_toolcall_no_update BEFORE UPDATE ON audit_app_toolcall"
            " BEGIN SELECT 1; END"
        )
        assert triggers.missing(connection) == ["audit_app_toolcall_no_update"]
    else:
        _run("ALTER TABLE audit_app_toolcall DISABLE TRIGGER audit_app_toolcall_no_change")
        assert triggers.missing(connection) == ["audit_app_toolcall_no_change"]


def test_protect_audit_log_puts_triggers_back_and_names_them(
    capsys: pytest.CaptureFixture[str],
):
    call_command("protect_audit_log")
    assert capsys.readouterr().out == "Installed. Missing before: none.\n"
    triggers.remove(connection, tables=TABLES[1:])
    call_command("protect_audit_log")
    assert "Missing before: audit_app_toolcalloutcome_no_" in capsys.readouterr().out
    assert triggers.missing(connection) == []


@of_sqlite
def test_a_migration_that_remakes_a_table_and_forgets_the_triggers_is_noticed():
    note = ToolCallOutcome._meta.get_field("note")
    longer = note.clone()
    longer.max_length = 600
    longer.set_attributes_from_name("note")
    with connection.schema_editor() as editor:
        editor.alter_field(ToolCallOutcome, note, longer)
    with pytest.raises(SystemCheckError, match="audit_app_toolcalloutcome_no_update"):
        call_command("check", databases=["default"])


@of_sqlite
def test_sqlite_with_recursive_triggers_off_is_an_error():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
    with pytest.raises(SystemCheckError, match=r"audit_app.E002"):
        call_command("check", databases=["default"])


def test_the_migrations_can_be_undone_and_done_again():
    call_command("migrate", "audit_app", "0001", verbosity=0, skip_checks=True)
    assert len(triggers.missing(connection)) == 4
    call_command("migrate", "audit_app", verbosity=0, skip_checks=True)
    assert triggers.missing(connection) == []


def test_a_database_before_its_first_migration_misses_nothing():
    call_command("migrate", "audit_app", "0001", verbosity=0, skip_checks=True)
    call_command("migrate", "audit_app", "zero", verbosity=0, skip_checks=True)
    assert triggers.missing(connection) == []
