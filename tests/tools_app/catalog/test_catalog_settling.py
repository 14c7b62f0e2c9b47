"""An order whose reply was lost: told as made only where the request itself proves it (P6)."""

from collections.abc import Callable

import pytest

from servicenow.exceptions import DeadlinePassed, OutcomeUnknown
from servicenow.records import Record
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.catalog_settling import newest_requests, settle_order
from tools_app.spec import ToolCall

ORDER = "submit_catalog_request"
BETHS_ID = "46d44a23a9fe19810012d100cca80666"
AFTER = (
    FaultKind.RESET_AFTER,
    FaultKind.SERVER_FAULT_AFTER_COMMIT,
    FaultKind.TRUNCATED,
    FaultKind.ERROR_IN_200,
)
BEFORE = (FaultKind.RESET_BEFORE, FaultKind.SERVER_FAULT, FaultKind.LOGIN_PAGE)


async def test_an_order_that_was_made_is_found_though_its_reply_is_lost(abel: Desk) -> None:
    numbers = {(await abel.call(ORDER, item="Headset"))["number"]}
    for kind in AFTER:
        abel.world.journal.clear()
        abel.fault(kind, method="POST")
        made = await abel.call(ORDER, item="Headset")
        assert len(abel.requests("POST")) == 1
        assert made["what_next"].startswith("ServiceNow's reply was lost")
        assert [one["item"]["name"] for one in made["items"]] == ["Headset"]
        assert made["requested_for"]["sys_id"] == abel.caller.sys_id
        numbers.add(made["number"])
    assert len(numbers) == len(AFTER) + 1


async def test_an_order_that_was_not_made_stays_unknown_whatever_was_ordered_before(
    abel: Desk,
) -> None:
    await abel.call(ORDER, item="Headset")
    for kind in BEFORE:
        abel.world.journal.clear()
        abel.fault(kind, method="POST")
        with pytest.raises(OutcomeUnknown):
            await abel.call(ORDER, item="Headset")
        assert len(abel.requests("POST")) == 1


def requested(desk: Desk, *, item: str, quantity: str = "1", **values: str) -> str:
    """A request of this person with one item in it, made behind the server's back."""
    me = {"requested_for": desk.caller.sys_id, "sys_created_by": desk.caller.user_name}
    request = desk.instance.insert("sc_request", {**me, **values})
    row = {"request": request, "cat_item": item, "quantity": quantity}
    desk.instance.insert("sc_req_item", row)
    return request


# What is new when the reply is lost, and does not prove that this order was made.
UNPROVED: dict[str, Callable[[Desk, str, str], object]] = {
    "nothing": lambda _desk, _item, _other: None,
    "another item": lambda desk, _item, other: requested(desk, item=other),
    "another quantity": lambda desk, item, _other: requested(desk, item=item, quantity="2"),
    "by somebody else": lambda desk, item, _other: requested(
        desk, item=item, sys_created_by="beth.anglin"
    ),
    "for somebody else": lambda desk, item, _other: requested(
        desk, item=item, requested_for=BETHS_ID
    ),
    "two": lambda desk, item, _other: [requested(desk, item=item), requested(desk, item=item)],
}


async def test_only_one_new_request_that_is_this_very_order_proves_it(abel: Desk) -> None:
    item = abel.one("sc_cat_item", "name=Headset")["sys_id"]
    other = abel.one("sc_cat_item", "name=Developer Laptop")["sys_id"]
    call = abel.tool_call(ORDER)
    for what, ordered in UNPROVED.items():
        before = await newest_requests(call)
        ordered(abel, item, other)
        assert await proved(call, item, before) is None, what
    before = await newest_requests(call)
    request = requested(abel, item=item)
    assert await proved(call, item, before) == request
    assert await proved(call, item, None) is None


async def proved(call: ToolCall, item: str, before: tuple[Record, ...] | None) -> str | None:
    """The request that a lost order is shown to have made, if any is."""
    lost = OutcomeUnknown(DeadlinePassed())
    try:
        return await settle_order(call, item, quantity=1, before=before, lost=lost)
    except OutcomeUnknown:
        return None


async def test_what_cannot_be_read_proves_nothing(abel: Desk) -> None:
    item, call = abel.one("sc_cat_item", "name=Headset")["sys_id"], abel.tool_call(ORDER)
    for path in ("/api/now/table/sc_request", "/api/now/table/sc_req_item"):
        before = await newest_requests(call)
        requested(abel, item=item)
        abel.fault(FaultKind.SERVER_FAULT, path=path)
        assert await proved(call, item, before) is None, path
    abel.fault(FaultKind.SERVER_FAULT, path="/api/now/table/sc_request")
    assert await newest_requests(call) is None
