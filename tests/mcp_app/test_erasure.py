"""A person is erased: no table says their name, and everybody else notices nothing."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command
from starlette.applications import Starlette

from audit_app.models import ToolCall
from audit_app.services import open_record
from oauth_app import reconnect_tokens
from oauth_app.disconnection import disconnect
from oauth_app.models import Connection, User
from oauth_app.models.connections import Reason
from oauth_app.removal import ERASED_USERNAME
from simulator.control.faults import Fault, FaultKind
from tests.audit_app.calls import an_opening
from tests.mcp_app.people import Person


def _tell_of(person: Person, *, by: User) -> None:
    """A call, a reconnect token, and what an operator noted of both."""
    user, connection = person.user, person.connection
    token, _secret = reconnect_tokens.make(user=user, connection=connection, name="My laptop")
    open_record(
        an_opening(user_id=user.pk, user_name=connection.user_name, sys_id=connection.sys_id)
    )
    for row in (user, connection, token):
        LogEntry.objects.log_actions(by.pk, [row], CHANGE, f"Changed {user.get_full_name()}")


def _traces(person: Person) -> set[str]:
    user, connection = person.user, person.connection
    names = {user.username, user.last_name, user.email}
    return names | {connection.user_name, connection.sys_id}


def _whole_database() -> str:
    every = apps.get_models(include_auto_created=True)
    return str([list(model.objects.values_list()) for model in every])  # type: ignore[attr-defined]  # each has `objects`


def _erased(person: Person, *options: str) -> str:
    said = StringIO()
    call_command("erase_person", person.user.username, *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def operator(db: None) -> User:
    """Who wrote notes."""
    return User.objects.create_superuser("operator", password="x")


def test_no_table_tells_of_somebody_who_is_erased_and_all_tell_of_the_others(
    abel: Person, beth: Person, operator: User
):
    _tell_of(abel, by=operator)
    _tell_of(beth, by=operator)
    traces, others = _traces(abel), _traces(beth)
    assert all(trace in _whole_database() for trace in traces | others)
    number = abel.user.pk
    assert _erased(abel, "--yes") == f"Erased user {number}, and from 1 calls of the audit log.\n"
    left = _whole_database()
    assert [trace for trace in traces if trace in left] == []
    assert all(trace in left for trace in others)
    assert ToolCall.objects.filter(user_id=number).count() == 1
    assert Connection.objects.get() == beth.connection


def test_tokens_are_taken_back_by_servicenow_and_the_command_says_where_not(
    abel: Person, beth: Person, simulator: Starlette
):
    world, refresh_token = simulator.state.world, abel.connection.refresh_token
    _erased(abel, "--yes")
    assert world.credentials.live(refresh_token, type_="refresh") is None
    world.faults.add(Fault(kind=FaultKind.UNAVAILABLE, path="/oauth_revoke_token.do", count=None))
    assert "did not take back every token" in _erased(beth, "--yes")
    assert not User.objects.filter(pk=beth.user.pk).exists()


def test_what_was_recorded_late_is_erased_by_the_number_of_the_person(abel: Person, operator: User):
    _tell_of(abel, by=operator)
    number = abel.user.pk
    _erased(abel, "--yes")
    open_record(an_opening(user_id=number))
    said = StringIO()
    call_command("erase_person", str(number), "--yes", stdout=said)
    assert said.getvalue() == f"Erased user {number} from 1 late calls.\n"
    assert not ToolCall.objects.identifying(number).exists()


def test_of_connections_that_had_ended_before_servicenow_is_not_asked_again(abel: Person):
    disconnect(connection=abel.connection, reason=Reason.ASKED_BY_PERSON)
    assert "1 of their connections had ended before" in _erased(abel, "--yes")


def test_without_yes_the_command_only_says_who(abel: Person):
    assert _erased(abel) == f"Abel Tuter, user {abel.user.pk}: --yes erases them.\n"
    assert User.objects.get().is_active


def test_nobody_of_that_name_is_an_error(db: None):
    with pytest.raises(CommandError, match="nobody with the user name"):
        call_command("erase_person", "nobody")


def test_an_operator_is_not_erased_and_what_a_former_one_did_stays_on_record(
    abel: Person, beth: Person
):
    User.objects.filter(pk=abel.user.pk).update(is_staff=True)
    with pytest.raises(CommandError, match="take their rights"):
        _erased(abel, "--yes")
    assert User.objects.get(pk=abel.user.pk).is_active
    LogEntry.objects.log_actions(abel.user.pk, [beth.user], CHANGE, "Turned off")
    User.objects.filter(pk=abel.user.pk).update(is_staff=False)
    _erased(abel, "--yes")
    note = LogEntry.objects.get()
    assert (note.user.username, note.user.is_active) == (ERASED_USERNAME, False)
    assert note.change_message == "Turned off"
