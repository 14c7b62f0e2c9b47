"""Calls of which nobody knows how they ended are settled by their correlation id."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone
from starlette.applications import Starlette

from audit_app import in_doubt, services
from audit_app.models import ToolCall
from audit_app.records import ToolCallRef
from audit_app.rows import intent_row
from mcp_app.tasks import settle, settle_all
from oauth_app.tokens import ConnectionTokens
from servicenow.client import ServiceNowClient
from servicenow.http import close_shared_client, shared_client
from tests.audit_app.calls import a_closing, an_opening
from tests.mcp_app.people import Person

pytestmark = pytest.mark.usefixtures("simulator")
OLD = timedelta(minutes=2)


def begun(person: Person, *, ago: timedelta = OLD, **changes: object) -> ToolCall:
    """A call of this person's that began so long ago, and of which no more was heard."""
    facts: dict[str, object] = {
        "connection_id": person.connection.pk,
        "instance_url": person.connection.instance.base_url,
        "tool": "create_incident",
        "toolset": "incidents",
        "access": "create",
    }
    call = intent_row(an_opening(**(facts | changes)))
    call.opened_at = timezone.now() - ago
    call.save()
    return call


def made_at_servicenow(person: Person, call: ToolCall) -> str:
    """The incident that the call made before the server died; returns its number."""

    async def make() -> str:
        tokens = ConnectionTokens(person.connection.pk)
        client = ServiceNowClient(
            call.instance_url, http=shared_client(), tokens=tokens, deadline_seconds=30
        )
        values = {"short_description": "Printer", "correlation_id": call.reference_id}
        record = await client.tables.create("incident", values, fields=["number"])
        await close_shared_client()
        return record.value("number")

    return asyncio.run(make())


def creates_another(person: Person, **changes: object) -> None:
    """A creation of theirs that ended well, and whose mark ServiceNow shows them."""
    call = begun(person, **changes)
    made_at_servicenow(person, call)
    services.close_record(ToolCallRef(call.pk, ""), closing=a_closing())


def told(call: ToolCall) -> list[tuple[str, str, str]]:
    return list(call.outcomes().values_list("outcome", "record_table", "record_number"))


def test_a_record_that_was_made_is_found_and_a_second_sweep_adds_nothing(abel: Person):
    call = begun(abel, ago=timedelta(seconds=90))
    number = made_at_servicenow(abel, call)
    assert settle() == 1
    expected = [("in_doubt", "", ""), ("succeeded", "incident", number)]
    assert told(call) == expected
    assert settle_all() == 0
    assert told(call) == expected


def test_a_reply_that_was_lost_is_settled_as_soon_as_the_record_is_there(abel: Person):
    call = begun(abel, ago=timedelta(seconds=5))
    services.close_record(ToolCallRef(call.pk, ""), closing=a_closing(outcome="in_doubt"))
    assert settle() == 0
    number = made_at_servicenow(abel, call)
    assert settle() == 1
    assert told(call)[-1] == ("succeeded", "incident", number)


def test_a_record_that_is_not_there_after_a_hundred_seconds_was_never_made(abel: Person):
    creates_another(abel)
    young, old = begun(abel, ago=timedelta(seconds=90)), begun(abel)
    request = begun(abel, ago=timedelta(minutes=11), toolset="catalog")
    assert settle() == 1
    assert [told(each)[-1][0] for each in (young, old, request)] == [
        "in_doubt",
        "failed",
        "in_doubt",
    ]


def test_nothing_is_called_never_made_where_the_person_may_see_no_correlation_ids(
    abel: Person, simulator: Starlette
):
    creates_another(abel)
    call = begun(abel)
    nobody = {"operation": "read", "advanced": "true", "script": "answer = false"}
    acl = {"name": "task.correlation_id", "sys_created_by": "admin", **nobody}
    simulator.state.world.instance.insert("sys_security_acl", acl)
    assert settle() == 0
    assert told(call) == [("in_doubt", "", "")]


def test_nothing_is_called_never_made_before_the_person_has_made_its_like(abel: Person):
    creates_another(abel, toolset="changes")
    call = begun(abel)
    assert settle() == 0
    assert told(call) == [("in_doubt", "", "")]


def test_a_record_that_came_after_all_is_found_by_the_hourly_sweep(abel: Person):
    creates_another(abel)
    late, never = begun(abel), begun(abel)
    assert settle() == 2
    number = made_at_servicenow(abel, late)
    assert settle() == 0
    assert settle_all() == 1
    assert told(late)[-1] == ("succeeded", "incident", number)
    assert [told(never)[-1][0], len(told(never))] == ["failed", 2]


def test_what_nobody_can_settle_does_not_stand_before_what_can_be(abel: Person):
    made = [begun(abel, toolset="catalog") for _ in range(3)]
    settle()
    first = in_doubt.doubtful_creations(now=timezone.now(), most=2)
    assert [each.id for each in first] == [made[2].pk, made[1].pk]


def test_silent_calls_are_noted_after_a_minute_and_reads_changed_nothing(abel: Person):
    read = begun(abel, access="read")
    update = begun(abel, access="update")
    running = begun(abel, ago=timedelta(seconds=30))
    ancient = begun(abel, access="update", ago=timedelta(days=3))
    settle()
    assert [told(each) for each in (running, ancient)] == [[], []]
    assert [told(each)[0][0] for each in (read, update)] == ["failed", "in_doubt"]
    settle_all()
    assert told(ancient)[0][0] == "in_doubt"


def test_what_is_no_longer_in_doubt_is_left_as_it_is(abel: Person):
    call = begun(abel)
    assert not in_doubt.settle(call.pk, closing=a_closing())
    services.close_record(ToolCallRef(call.pk, ""), closing=a_closing())
    assert not in_doubt.settle(call.pk, closing=a_closing(outcome="failed"))
    assert len(told(call)) == 1


def test_somebody_who_has_disconnected_leaves_the_call_in_doubt(abel: Person):
    call = begun(abel)
    made_at_servicenow(abel, call)
    abel.connection.state = "disconnected"
    abel.connection.save()
    assert settle() == 0
    assert told(call)[-1][0] == "in_doubt"


@pytest.mark.skipif(
    database.vendor != "postgresql",
    reason="about PostgreSQL's advisory locks; runs in the suite on PostgreSQL",
)
def test_a_second_sweep_leaves_the_work_to_the_first(abel: Person):
    begun(abel, access="update")
    other = database.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [in_doubt._LOCK])
    assert in_doubt.record_silent_calls(now=timezone.now()) == 0
    other.close()
    assert in_doubt.record_silent_calls(now=timezone.now()) == 1
