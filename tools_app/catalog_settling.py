"""What became of an order whose reply was lost. Nothing here ever orders anything.

An order takes no mark of ours, so it is proved in another way: the person's newest requests are
read before the order is sent and again when its reply is lost. It was made if exactly one request
is new, if that one says itself that it is for this person and was made by them, and if all it has
is this item in this quantity. Anything else proves nothing: none may still come.
"""

from servicenow.exceptions import OutcomeUnknown
from servicenow.query import Query
from servicenow.records import Record
from tools_app import catalog_orders
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall

_NEWEST = 20


async def newest_requests(call: ToolCall) -> tuple[Record, ...] | None:
    """The newest requests for the signed-in person; None where nobody may tell."""
    newest = Query().equals("requested_for", call.caller.sys_id)
    page = await unless_it_fails(
        call.tables.list(
            catalog_orders.REQUEST,
            query=newest.order_by("sys_created_on", descending=True),
            fields=["sys_id", "requested_for", "sys_created_by"],
            limit=_NEWEST,
        )
    )
    return page.records if page else None


async def settle_order(
    call: ToolCall,
    item: str,
    *,
    quantity: int,
    before: tuple[Record, ...] | None,
    lost: OutcomeUnknown,
) -> str:
    """The sys_id of the request that the lost order made. Raises `lost` unless it is proved."""
    now = await newest_requests(call)
    if before is None or now is None:
        raise lost
    known = {request.sys_id for request in before}
    new = [request for request in now if request.sys_id not in known]
    if len(new) != 1 or not _is_own(call, new[0]):
        raise lost
    items = await unless_it_fails(catalog_orders.items_of(call, [new[0].sys_id]))
    rows = items.records if items else ()
    ordered = [(row.value("cat_item"), row.value("quantity")) for row in rows]
    if ordered != [(item, str(quantity))]:
        raise lost
    return new[0].sys_id


def _is_own(call: ToolCall, request: Record) -> bool:
    """Whether the request itself says that it is for this person, and by them."""
    by, whose = request.value("sys_created_by"), request.value("requested_for")
    return (by, whose) == (call.caller.user_name, call.caller.sys_id)
