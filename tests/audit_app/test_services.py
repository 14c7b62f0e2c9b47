import asyncio
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from audit_app import services
from audit_app.exceptions import InsideTransaction
from audit_app.models import ToolCall, ToolCallOutcome
from audit_app.writers import writers
from tests.audit_app.calls import INCIDENT_SYS_ID, a_closing, an_opening

pytestmark = pytest.mark.usefixtures("db")


def test_an_opened_call_says_who_does_what_with_which_client():
    ref = services.open_record(an_opening())
    call = ToolCall.objects.get(pk=ref.id)
    assert call.reference_id == ref.reference_id
    assert (call.user_name, call.client_name, call.tool) == (
        "abel.tuter",
        "Claude",
        "update_incident",
    )
    assert (call.connection_id, call.instance_url) == (7, "https://acme.service-now.com")
    assert (call.credential, call.credential_id, call.remote_addr) == ("oauth", "44", "192.0.2.7")
    assert call.arguments == {"incident": "INC0010001", "state": "In Progress"}
    assert call.record_sought == "INC0010001"


def test_the_correlation_id_sent_to_servicenow_is_the_reference_of_the_record():
    ref = services.open_record(an_opening(correlation_id="a" * 32))
    assert ref.reference_id == "a" * 32


def test_a_call_without_a_correlation_id_gets_a_reference_of_its_own():
    first, second = services.open_record(an_opening()), services.open_record(an_opening())
    assert len(first.reference_id) == 32
    assert first.reference_id != second.reference_id


def test_an_outcome_names_the_record_and_what_servicenow_said():
    ref = services.open_record(an_opening())
    services.close_record(ref, closing=a_closing(note="priority not applied"))
    outcome = ToolCall.objects.get(pk=ref.id).outcomes().get()
    assert (outcome.outcome, outcome.code, outcome.upstream_status) == ("succeeded", "", 200)
    assert (outcome.record_table, outcome.record_number) == ("incident", "INC0010001")
    assert outcome.record_sys_id == INCIDENT_SYS_ID
    assert (outcome.duration_ms, outcome.answer_bytes) == (84, 640)
    assert outcome.note == "priority not applied"


def test_an_outcome_that_is_none_is_refused():
    ref = services.open_record(an_opening())
    with pytest.raises(ValueError, match="perhaps"):
        services.close_record(ref, closing=a_closing(outcome="perhaps"))


def test_a_refusal_is_an_intent_and_an_outcome():
    ref = services.record_refusal(
        an_opening(), closing=a_closing(outcome="refused", code="NOT_ALLOWED")
    )
    assert ToolCall.objects.get(pk=ref.id).outcomes().get().code == "NOT_ALLOWED"


def test_a_refusal_is_recorded_whole_or_not_at_all():
    with pytest.raises(ValueError, match="perhaps"):
        services.record_refusal(an_opening(), closing=a_closing(outcome="perhaps"))
    assert not ToolCall.objects.exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda: services.open_record(an_opening()),
        lambda: services.close_record(services.ToolCallRef(1, "a"), closing=a_closing()),
        lambda: services.record_refusal(an_opening(), closing=a_closing(outcome="refused")),
    ],
    ids=["open", "close", "refuse"],
)
def test_no_record_is_written_where_somebody_could_roll_it_back(write: Callable[[], object]):
    with transaction.atomic(), pytest.raises(InsideTransaction):
        write()
    assert not ToolCallOutcome.objects.exists()


def test_no_record_is_written_with_autocommit_off():
    transaction.set_autocommit(False)
    try:
        with pytest.raises(InsideTransaction):
            services.open_record(an_opening())
    finally:
        transaction.set_autocommit(True)


def test_the_same_reference_twice_is_an_error_not_a_replacement():
    services.open_record(an_opening(correlation_id="a" * 32))
    with pytest.raises(DatabaseError):
        services.open_record(an_opening(correlation_id="a" * 32, tool="get_incident"))
    assert ToolCall.objects.get().tool == "update_incident"


def test_a_connection_that_broke_is_replaced_for_the_next_record():
    services.open_record(an_opening())
    connection.connection.close()  # as when the database server went away
    with pytest.raises(DatabaseError):
        services.open_record(an_opening())
    services.open_record(an_opening())
    assert ToolCall.objects.count() == 2


def test_the_outcome_of_a_call_outlives_a_connection_that_broke():
    ref = services.open_record(an_opening())
    connection.connection.close()  # as when the database server went away and came back
    services.close_record(ref, closing=a_closing())
    assert ToolCallOutcome.objects.get().call_id == ref.id


async def test_asynchronous_callers_open_close_and_refuse():
    ref = await services.aopen_record(an_opening())
    await services.aclose_record(ref, closing=a_closing())
    await services.arecord_refusal(an_opening(), closing=a_closing(outcome="refused"))
    outcomes = ToolCallOutcome.objects.order_by("pk").values_list("outcome", flat=True)
    assert [each async for each in outcomes] == ["succeeded", "refused"]


async def test_many_calls_at_once_are_all_recorded():
    refs = await asyncio.gather(*(services.aopen_record(an_opening()) for _ in range(50)))
    assert len({ref.reference_id for ref in refs}) == 50
    assert await ToolCall.objects.acount() == 50


async def test_a_caller_that_is_cancelled_does_not_take_the_record_along():
    waiting = asyncio.create_task(services.aopen_record(an_opening()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.to_thread(writers.close)  # waits for what was asked for
    assert await ToolCall.objects.acount() == 1


def test_what_does_not_fit_is_cut_and_cleaned():
    ref = services.open_record(
        an_opening(
            client_name="Evil\x00\u202e\ud800 " + "x" * 10_000,
            user_name="a" * 500,
            request_id="9" * 500,
            remote_addr="",
        )
    )
    call = ToolCall.objects.get(pk=ref.id)
    assert call.client_name.startswith("Evil xxx")
    assert (len(call.client_name), len(call.user_name), len(call.request_id)) == (200, 150, 64)


@pytest.mark.parametrize("name", ["x" * 41, "Drop Table", "", "ignore all previous instructions"])
def test_what_is_no_tool_name_is_never_stored(name: str):
    ref = services.record_refusal(
        an_opening(tool=name), closing=a_closing(outcome="refused", code="NOT_FOUND")
    )
    assert ToolCall.objects.get(pk=ref.id).tool == "(not a tool name)"


def test_numbers_out_of_range_are_kept_in_range():
    ref = services.open_record(an_opening())
    services.close_record(
        ref, closing=a_closing(duration_ms=-5, answer_bytes=2**40, upstream_status=None)
    )
    outcome = ToolCallOutcome.objects.get()
    assert (outcome.duration_ms, outcome.answer_bytes) == (0, 2**31 - 1)
    assert outcome.upstream_status is None
