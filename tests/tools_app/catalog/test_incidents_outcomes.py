"""A write whose reply is lost is settled by looking, told as unknown, and never sent again."""

import pytest

from servicenow.exceptions import NotAuthenticated, OutcomeUnknown
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk


async def reported(desk: Desk) -> dict[str, object]:
    """A new incident of this person's."""
    return await desk.call("create_incident", short_description="Printer 4 is on fire")


async def test_a_lost_reply_to_a_create_is_settled_by_the_correlation_id(abel: Desk) -> None:
    before = abel.instance.count("incident")
    for kind in (FaultKind.RESET_AFTER, FaultKind.SERVER_FAULT_AFTER_COMMIT, FaultKind.TRUNCATED):
        abel.instance.store.write("UPDATE task SET correlation_id = ''")
        abel.fault(kind, method="POST")
        answer = await reported(abel)
        assert answer["caller"] == {"sys_id": abel.caller.sys_id, "name": "Abel Tuter"}
    assert abel.instance.count("incident") == before + 3
    assert len(abel.requests("POST")) == 3


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.SERVER_FAULT])
async def test_a_create_that_left_no_trace_stays_unknown_and_is_not_sent_again(
    abel: Desk, kind: FaultKind
) -> None:
    abel.fault(kind, method="POST")
    with pytest.raises(OutcomeUnknown):
        await reported(abel)
    assert len(abel.requests("POST")) == 1


async def test_a_create_that_cannot_be_looked_for_stays_unknown(abel: Desk) -> None:
    abel.fault(FaultKind.RESET_AFTER, method="POST")
    abel.fault(FaultKind.NOT_AUTHORIZED, method="GET", path="/api/now/table/incident")
    with pytest.raises(OutcomeUnknown):
        await reported(abel)


async def test_a_create_is_not_settled_by_somebody_elses_record(abel: Desk) -> None:
    abel.fault(FaultKind.SERVER_FAULT, method="POST")
    abel.instance.switches.ignore_query_conditions = True
    with pytest.raises(OutcomeUnknown):
        await reported(abel)


async def test_a_lost_reply_to_an_update_is_settled_by_reading_back(abel: Desk) -> None:
    new = await reported(abel)
    abel.fault(FaultKind.RESET_AFTER, method="PATCH")
    answer = await abel.call("update_incident", incident=new["number"], urgency="1")
    assert answer["urgency"] == "1 - High"
    abel.fault(FaultKind.SERVER_FAULT_AFTER_COMMIT, method="PATCH")
    await abel.call("add_work_note", record=new["number"], note="It burns.")
    assert len(abel.requests("PATCH")) == 2


async def test_an_update_that_did_not_take_stays_unknown_and_is_not_sent_again(abel: Desk) -> None:
    new = await reported(abel)
    abel.fault(FaultKind.RESET_BEFORE, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await abel.call("update_incident", incident=new["number"], urgency="1")
    assert len(abel.requests("PATCH")) == 1


async def test_an_update_that_cannot_be_read_back_stays_unknown(abel: Desk) -> None:
    new = await reported(abel)
    abel.fault(FaultKind.RESET_AFTER, method="PATCH")
    abel.fault(FaultKind.NOT_AUTHORIZED, method="GET", path="/api/now/table/incident/*")
    with pytest.raises(OutcomeUnknown):
        await abel.call("update_incident", incident=new["number"], urgency="1")


async def test_a_write_that_cannot_be_read_back_is_no_failure(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, method="GET", path="/api/now/table/incident/*")
    answer = await reported(abel)
    assert abel.row("incident", str(answer["sys_id"]))["number"] == answer["number"]


async def test_a_refused_token_does_nothing_and_says_so(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHENTICATED, count=5)
    with pytest.raises(NotAuthenticated):
        await reported(abel)


async def test_the_same_note_added_before_does_not_settle_one_that_was_lost(abel: Desk) -> None:
    new = await reported(abel)
    await abel.call("add_work_note", record=new["number"], note="It burns.")
    abel.fault(FaultKind.RESET_BEFORE, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await abel.call("add_work_note", record=new["number"], note="It burns.")
