"""What a requested item does by itself: it is approved, becomes tasks, and closes."""

from simulator.areas.catalog.fulfilment import requests
from simulator.areas.catalog.fulfilment.tasks import create_next_tasks
from simulator.moments import later
from simulator.records.rules import Change, Moment

WAITING, FULFILLMENT = "waiting_for_approval", "fulfillment"
COMPLETE, INCOMPLETE, SKIPPED = "3", "4", "7"
CLOSED = (COMPLETE, INCOMPLETE, SKIPPED)


def fill_in(change: Change) -> None:
    """What an item takes over from its request and from the catalogue."""
    request = change.records.row("sc_request", change.get("request")) or {}
    item = change.records.row("sc_cat_item", change.get("cat_item")) or {}
    _take(change, "requested_for", request.get("requested_for") or change.get("opened_by"))
    _take(change, "parent", change.get("request"))
    _take(change, "short_description", item.get("short_description") or item.get("name", ""))
    for name in ("recurring_frequency", "billable"):
        _take(change, name, item.get(name, ""))
    for name in ("price", "recurring_price"):
        if change.get(name) in ("", "0"):
            change.set(name, item.get(name) or "0")
    _take(change, "sc_catalog", item.get("sc_catalogs", "").partition(",")[0])
    _take(change, "assignment_group", item.get("group", ""))
    if item.get("delivery_time"):
        due = later(change.get("opened_at") or change.at, item["delivery_time"])
        _take(change, "estimated_delivery", due)
        _take(change, "due_date", due)


def _take(change: Change, name: str, value: str) -> None:
    if not change.get(name):
        change.set(name, value)


def ask_or_proceed(change: Change) -> None:
    """An item that somebody has to approve waits for them, any other one is approved at once."""
    if change.get("approval") in ("", "not requested") and change.get("state") not in CLOSED:
        waits = bool(_approvers(change) or _approving_groups(change))
        change.set("approval", "requested" if waits else "approved")
    if change.get("approval") == "approved" and change.get("stage") == WAITING:
        change.set("stage", FULFILLMENT)


def start(change: Change) -> None:
    """Ask those who approve, or begin; the request shows what its item does."""
    if change.get("state") in CLOSED:
        return
    request = change.records.row("sc_request", change.get("request"))
    if change.get("approval") == "requested":
        if request and request["approval"] == "not requested":
            change.update("sc_request", request["sys_id"], {"approval": "requested"})
        _ask(change)
    elif change.get("approval") == "approved":
        _begin(change)


def _ask(change: Change) -> None:
    about = {
        "sysapproval": change.sys_id,
        "document_id": change.sys_id,
        "source_table": "sc_req_item",
        "state": "requested",
    }
    for approver in _approvers(change):
        change.insert("sysapproval_approver", {**about, "approver": approver})
    for group in _approving_groups(change):
        values = {
            "parent": change.sys_id,
            "assignment_group": group,
            "approval": "requested",
            "short_description": f"Approve {change.get('number')}",
        }
        change.insert("sysapproval_group", values)


def _approvers(change: Change) -> list[str]:
    return _named(change, "sc_cat_item_app_user", "app_user")


def _approving_groups(change: Change) -> list[str]:
    return _named(change, "sc_cat_item_app_group", "app_group")


def _named(change: Change, table: str, field: str) -> list[str]:
    item = change.records.row("sc_cat_item", change.get("cat_item"))
    if item is None:
        return []
    return [row[field] for row in change.records.query(table, f"sc_cat_item={item['sys_id']}")]


def decide(change: Change) -> None:
    """Approval lets an item be fulfilled, rejection ends it."""
    if change.get("state") in CLOSED:
        return
    if change.changes_to("approval", "approved") and change.get("stage") == WAITING:
        change.set("stage", FULFILLMENT)
    elif change.changes_to("approval", "rejected"):
        change.set("state", INCOMPLETE)
        change.set("stage", "Request Cancelled")


def close(change: Change) -> None:
    """A closed item is not active, and its stage says how it ended."""
    if change.changes_to("state", *CLOSED):
        requests.note_closing(change)
        if change.get("state") == COMPLETE:
            change.set("stage", "complete")
        elif change.get("stage") != "Request Cancelled":
            change.set("stage", "closed_incomplete")
    elif change.before("state") in CLOSED and change.get("state") not in CLOSED:
        requests.reopen(change)
        change.set("stage", FULFILLMENT)


def follow(change: Change) -> None:
    """After an update: begin what was approved, end what hangs on a closed item."""
    if change.changes_to("approval", "approved") and change.get("state") not in CLOSED:
        _begin(change)
    if change.changes_to("state", *CLOSED):
        for task in change.records.query("sc_task", f"request_item={change.sys_id}^active=true"):
            change.update("sc_task", task["sys_id"], {"state": INCOMPLETE})
        requests.roll_up(change, change.get("request"))


def add_up(change: Change) -> None:
    """The request's price follows."""
    whole = any(change.changes(name) for name in ("price", "quantity", "request"))
    if change.operation is Moment.DELETE or whole:
        requests.add_up(change, change.get("request"))


def _begin(change: Change) -> None:
    request = change.records.row("sc_request", change.get("request"))
    if request and request["approval"] != "approved" and request["active"] == "true":
        change.update("sc_request", request["sys_id"], {"approval": "approved"})
    create_next_tasks(change, change.values)
