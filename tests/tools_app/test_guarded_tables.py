"""The only way to ServiceNow: what it proves, fills in and settles."""

from dataclasses import replace

import httpx
import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import OutcomeUnknown, RecordNotFound, UnknownField
from servicenow.http import cookieless_client
from servicenow.query import Query
from simulator.control.faults import FaultKind
from tests.tools_app.callers import ABEL, INSTANCE_URL
from tests.tools_app.desk import CORRELATION_ID, Desk
from tools_app.catalog import CATALOG
from tools_app.exceptions import AmbiguousMatch
from tools_app.settling import find_created
from tools_app.spec import make_call


class SignedOut(Exception):
    """What the tokens of a person raise who is signed out in between."""


class TokensThatEnd:
    """Good for some requests; then the person is signed out."""

    def __init__(self, raw: str, *, requests: int) -> None:
        self._raw = raw
        self._left = requests

    async def current(self) -> str:
        if self._left == 0:
            raise SignedOut
        self._left -= 1
        return self._raw

    async def renewed(self, *, stale: str) -> str:  # noqa: ARG002  # the protocol's signature
        raise SignedOut


async def test_a_record_with_another_sys_id_than_the_one_asked_for_is_not_found() -> None:
    """An instance, or a proxy in front of it, that mixes up answers."""
    other = {"sys_id": {"value": "f" * 32, "display_value": "f" * 32}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"result": other}))
    async with cookieless_client(transport=transport) as http:
        tokens = TokensThatEnd("x", requests=1)
        client = ServiceNowClient(INSTANCE_URL, http=http, tokens=tokens)
        call = make_call(
            CATALOG["get_incident"], caller=ABEL, client=client, correlation_id=CORRELATION_ID
        )
        with pytest.raises(RecordNotFound):
            await call.tables.get("incident", sys_id="0" * 32, fields=["number"])


async def test_an_update_answered_with_another_record_tells_of_the_one_that_was_meant(
    abel: Desk,
) -> None:
    mine, other = abel.instance.query("incident", "active=true", limit=2)
    record = await abel.tool_call().tables.get("incident", sys_id=mine["sys_id"], fields=[])

    def mixed_up(request: httpx.Request) -> httpx.Response:
        named = other if request.method == "PATCH" else mine
        cells = {name: {"value": value, "display_value": value} for name, value in named.items()}
        return httpx.Response(200, json={"result": cells})

    async with cookieless_client(transport=httpx.MockTransport(mixed_up)) as http:
        client = ServiceNowClient(INSTANCE_URL, http=http, tokens=TokensThatEnd("x", requests=99))
        call = make_call(
            CATALOG["update_incident"], caller=ABEL, client=client, correlation_id=CORRELATION_ID
        )
        # Only what is written and read back goes through the mixed-up instance.
        call.tables._dictionary = abel.client.dictionary
        written = await call.tables.update(record, {"urgency": mine["urgency"]}, fields=["number"])
    assert written.record.sys_id == mine["sys_id"]
    assert written.record.value("number") == mine["number"]


async def test_a_record_with_another_correlation_id_settles_nothing() -> None:
    """An instance that dropped the condition, and had one record to return."""
    other = {
        name: {"value": "f" * 32, "display_value": "f" * 32}
        for name in ("sys_id", "correlation_id")
    }
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"result": [other]}))
    async with cookieless_client(transport=transport) as http:
        tokens = TokensThatEnd("x", requests=2)
        tables = ServiceNowClient(INSTANCE_URL, http=http, tokens=tokens).tables
        assert await find_created(tables, "incident", correlation_id=CORRELATION_ID) is None
        found = await find_created(tables, "incident", correlation_id="f" * 32)
        assert found is not None


async def test_a_table_without_a_correlation_id_gets_none_and_cannot_be_settled(
    abel: Desk,
) -> None:
    tables = abel.tool_call().tables
    mine = {"user": abel.caller.sys_id, "name": "colour", "value": "red"}
    written = await tables.create("sys_user_preference", mine, fields=["name"])
    assert written.record.value("name") == "colour"
    assert "correlation_id" not in abel.requests("POST")[0].body
    abel.fault(FaultKind.RESET_AFTER, method="POST")
    with pytest.raises(OutcomeUnknown):
        await tables.create("sys_user_preference", mine, fields=["name"])


async def test_a_record_that_was_created_is_found_later_by_its_correlation_id(
    abel: Desk,
) -> None:
    made = await abel.call("create_incident", short_description="Printer")
    tables = abel.client.tables
    found = await find_created(tables, "incident", correlation_id=CORRELATION_ID)
    assert found is not None
    assert found.value("number") == made["number"]
    assert await find_created(tables, "incident", correlation_id="f" * 32) is None


@pytest.mark.parametrize("fault", [None, FaultKind.RESET_AFTER])
async def test_a_write_that_took_is_no_failure_of_a_person_signed_out_right_after(
    abel: Desk, fault: FaultKind | None
) -> None:
    sys_id = (await abel.call("create_incident", short_description="Printer"))["sys_id"]
    call = abel.tool_call()
    record = await call.tables.get("incident", sys_id=sys_id, fields=["sys_mod_count"])
    await call.tables.fields_of("incident")
    token = await abel.client._tokens.current()
    abel.client._tokens = TokensThatEnd(token, requests=1)
    if fault is None:
        written = await call.tables.update(record, {"urgency": "1"}, fields=["urgency"])
        assert written.record.value("urgency") == "1"
        return
    abel.fault(fault, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await call.tables.update(record, {"urgency": "1"}, fields=["urgency"])


async def test_a_read_of_a_field_that_does_not_exist_is_refused(abel: Desk) -> None:
    tables = abel.tool_call().tables
    assert await tables.has_field("incident", "caller_id")
    assert not await tables.has_field("incident", "shoe_size")
    assert not await tables.has_field("incident", "Not a name")
    with pytest.raises(UnknownField):
        await tables.list_if_allowed(
            "incident", query=Query().is_empty("shoe_size"), fields=["number"], limit=1
        )


async def test_two_tasks_with_one_number_come_back_as_candidates(abel: Desk) -> None:
    for table in ("problem", "incident"):
        abel.instance.insert(table, {"number": "TWIN0001", "short_description": "x"})
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("get_journal", record="TWIN0001")
    assert {one.detail for one in refused.value.candidates} == {"Incident", "Problem"}


async def test_an_update_settled_by_reading_back_must_be_this_persons(abel: Desk) -> None:
    """Beth's change in the same moment looks the same but for who made it."""
    sys_id = (await abel.call("create_incident", short_description="Printer"))["sys_id"]
    other = replace(abel, caller=replace(abel.caller, user_name="beth.anglin"))
    abel.fault(FaultKind.RESET_AFTER, method="PATCH")
    with pytest.raises(OutcomeUnknown):
        await other.call("update_incident", incident=sys_id, urgency="1")
