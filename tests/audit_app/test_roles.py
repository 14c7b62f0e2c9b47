"""On PostgreSQL the application's role adds and reads audit rows, and can do nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from audit_app import roles, triggers
from audit_app.checks import application_cannot_change_rows
from audit_app.erasure import erase_from_records
from audit_app.exceptions import MayNotRemove
from audit_app.models import ToolCall
from audit_app.owner import as_owner
from audit_app.retention import remove_old_records
from audit_app.tasks import remove_old, seal_records
from oauth_app.models import User
from tests.audit_app.tampering import record, sealed_log, verified

pytestmark = pytest.mark.usefixtures("db", "checkpoints")
of_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="about roles; runs in the suite on PostgreSQL"
)


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def two_roles(db: None, settings: Settings) -> Iterator[dict[str, Any]]:
    """The application has a role of its own; gives the settings of the owner."""
    application, default = f"app_{uuid4().hex}", connections.settings["default"]
    owner = {name: default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    _run(f"CREATE ROLE {application} LOGIN")
    connection.close()
    default["USER"] = application
    settings.DATABASE_OWNER = owner
    call_command("migrate", verbosity=0, skip_checks=True)
    yield owner
    with as_owner():
        _run(f"DROP OWNED BY {application}")
        _run(f"DROP ROLE {application}")
    connection.close()
    default["USER"] = owner["USER"]


@of_postgresql
@pytest.mark.usefixtures("two_roles")
def test_the_applications_role_cannot_change_rows_even_without_triggers():
    record(1)
    assert seal_records() == 2
    User.objects.create(username="abel")
    User.objects.update(username="abel.tuter")
    with as_owner():
        triggers.remove(connection, tables=triggers.guarded_tables())
    for table in triggers.guarded_tables():
        column = "number" if table == "audit_app_seal" else "id"
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                _run(statement)
    assert ToolCall.objects.count() == 1
    assert not application_cannot_change_rows(databases=["default"])


@of_postgresql
@pytest.mark.usefixtures("two_roles")
def test_only_the_owner_removes_what_is_old(settings: Settings):
    sealed_log(seals=2, since=timezone.now() - timedelta(days=9))
    settings.AUDIT_RETENTION_DAYS = 1
    owner, settings.DATABASE_OWNER = settings.DATABASE_OWNER, {}
    assert remove_old() == {}
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("purge_audit")
    settings.DATABASE_OWNER = owner
    assert remove_old_records(within=timedelta(minutes=1)).seals == 2
    assert not verified().findings


@of_postgresql
@pytest.mark.usefixtures("two_roles")
def test_only_the_owner_erases_a_person(settings: Settings):
    sealed_log(seals=1, calls=2)
    owner, settings.DATABASE_OWNER = settings.DATABASE_OWNER, {}
    with pytest.raises(MayNotRemove):
        erase_from_records(1)
    settings.DATABASE_OWNER = owner
    assert erase_from_records(1) == 2
    assert not verified().findings


@of_postgresql
def test_one_role_for_everything_is_a_warning_that_says_what_it_could_do():
    [warning] = application_cannot_change_rows(databases=["default"])
    assert warning.id == "audit_app.W003"
    assert "TRUNCATE on audit_app_toolcall" in warning.msg


@of_postgresql
@pytest.mark.usefixtures("two_roles")
def test_what_somebody_granted_again_is_told_and_taken_back(capsys: pytest.CaptureFixture[str]):
    with as_owner():
        _run(f"GRANT UPDATE ON audit_app_seal TO {roles.application_role()}")
    [warning] = application_cannot_change_rows(databases=["default"])
    assert "the audit log: UPDATE on audit_app_seal." in warning.msg
    call_command("protect_audit_log")
    assert "may add and read audit rows only." in capsys.readouterr().out
    assert not application_cannot_change_rows(databases=["default"])


def test_where_no_owner_is_named_the_connection_stays_as_it_is():
    before = connection.settings_dict
    with as_owner():
        assert connection.settings_dict is before


def test_an_owner_is_the_owner_inside_alone(settings: Settings):
    before = connection.settings_dict
    settings.DATABASE_OWNER = before | {"USER": "somebody"}
    with as_owner():
        assert connection.settings_dict["USER"] == "somebody"
    assert connection.settings_dict is before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has no roles")
def test_sqlite_has_no_role_to_warn_of():
    assert not application_cannot_change_rows(databases=["default"])
