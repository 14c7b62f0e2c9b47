"""What a request does by itself: it is approved, it closes, and its items follow."""

from simulator.areas.catalog import prices
from simulator.records.rules import Change, Records

REQUESTED, IN_PROCESS = "requested", "in_process"

# What a closed request's state is, and which request state a state stands for.
STATE_OF = {
    "closed_complete": "3",
    "closed_incomplete": "4",
    "closed_cancelled": "4",
    "closed_rejected": "4",
    "closed_skipped": "7",
}
_REQUEST_STATE_OF = {"3": "closed_complete", "4": "closed_incomplete", "7": "closed_skipped"}
_STAGE_OF = {"closed_complete": "closed_complete", "closed_rejected": "closed_rejected"}


def fill_in(change: Change) -> None:
    """For whom and for when, where nobody said."""
    if not change.get("requested_for"):
        change.set("requested_for", change.get("opened_by"))
    if not change.get("requested_date"):
        change.set("requested_date", change.at[:10])


def submit(change: Change) -> None:
    """A submitted request is being processed: there is no such state to stay in."""
    if change.get("request_state") == "submitted":
        change.set("request_state", IN_PROCESS)
    if change.changes_to("request_state", IN_PROCESS):
        if change.get("approval") in ("", "not requested"):
            change.set("approval", "approved")
        change.set("stage", "request_approved")


def decide(change: Change) -> None:
    """Approval takes a waiting request into process, rejection closes it."""
    if change.changes_to("approval", "approved") and change.get("request_state") == REQUESTED:
        change.set("request_state", IN_PROCESS)
        change.set("stage", "request_approved")
    is_open = change.get("request_state") in (REQUESTED, IN_PROCESS)
    if change.changes_to("approval", "rejected") and is_open:
        change.set("request_state", "closed_rejected")


def close(change: Change) -> None:
    """`state` and `request_state` say the same of a request that is done."""
    closes = change.changes_to("request_state", *STATE_OF)
    if not closes and change.changes_to("state", *_REQUEST_STATE_OF):
        change.set("request_state", _REQUEST_STATE_OF[change.get("state")])
        closes = True
    if closes:
        request_state = change.get("request_state")
        change.set("state", STATE_OF[request_state])
        change.set("stage", _STAGE_OF.get(request_state, "closed_incomplete"))
        note_closing(change)
    elif change.before("request_state") in STATE_OF and change.get("request_state") == IN_PROCESS:
        change.set("state", "1")
        reopen(change)


def note_closing(change: Change) -> None:
    """Who closed a task, and when."""
    change.set("active", "false")
    change.set("closed_at", change.get("closed_at") or change.at)
    closed_by = change.get("closed_by") or (change.person.sys_id if change.person else "")
    change.set("closed_by", closed_by)


def reopen(change: Change) -> None:
    """A task that was closed is open again."""
    for name, value in (("active", "true"), ("closed_at", ""), ("closed_by", "")):
        change.set(name, value)


def cancel_items(change: Change) -> None:
    """With a request that ends unfinished its open items end."""
    ends = tuple(one for one in STATE_OF if one != "closed_complete")
    if change.changes_to("request_state", *ends):
        for item in open_items(change.records, change.sys_id):
            change.update("sc_req_item", item["sys_id"], {"state": "4"})


def open_items(records: Records, request: str) -> list[dict[str, str]]:
    """The items of a request that are not closed."""
    return records.query("sc_req_item", f"request={request}^active=true")


def roll_up(change: Change, request: str) -> None:
    """Close a request when the last of its items has closed."""
    row = change.records.row("sc_request", request)
    items = change.records.query("sc_req_item", f"request={request}")
    if row is None or not items or row["request_state"] in STATE_OF:
        return
    if any(item["active"] == "true" for item in items):
        return
    if any(item["state"] == "3" for item in items):
        outcome = "closed_complete"
    elif all(item["approval"] == "rejected" for item in items):
        outcome = "closed_rejected"
    else:
        outcome = "closed_incomplete"
    change.update("sc_request", request, {"request_state": outcome})


def add_up(change: Change, request: str) -> None:
    """The price of a request is that of its items."""
    row = change.records.row("sc_request", request)
    if row is not None:
        items = change.records.query("sc_req_item", f"request={request}")
        whole = prices.plain(prices.total(items, "price"))
        if row["price"] != whole:
            change.update("sc_request", request, {"price": whole})
