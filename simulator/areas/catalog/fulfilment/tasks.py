"""What a catalogue task does by itself, and which tasks an item becomes.

An execution plan has tasks in an order: those of one number run at the same time, the next ones
begin when all of them are closed.
"""

from collections.abc import Mapping

from simulator.areas.catalog.fulfilment import requests
from simulator.moments import later
from simulator.records.rules import Change

_CLOSED = ("3", "4", "7")
_DONE = ("3", "7")
_IN_PROGRESS = "2"


def fill_in(change: Change) -> None:
    """What a task takes over from the item it is for."""
    item = change.records.row("sc_req_item", change.get("request_item"))
    if item is None:
        return
    taken = {
        "request": item["request"],
        "parent": item["sys_id"],
        "sc_catalog": item["sc_catalog"],
        "short_description": item["short_description"],
        "cmdb_ci": item["cmdb_ci"],
    }
    for name, value in taken.items():
        if not change.get(name):
            change.set(name, value)


def close(change: Change) -> None:
    """A closed task is not active; one that is opened again is."""
    if change.changes_to("state", *_CLOSED):
        requests.note_closing(change)
        change.set("work_end", change.get("work_end") or change.at)
    elif change.before("state") in _CLOSED and change.get("state") not in _CLOSED:
        requests.reopen(change)
    if change.changes_to("state", _IN_PROGRESS) and not change.get("work_start"):
        change.set("work_start", change.at)


def follow(change: Change) -> None:
    """After an update: the item is worked on, goes to its next tasks, or is done."""
    item = change.records.row("sc_req_item", change.get("request_item"))
    if item is None or item["active"] != "true":
        return
    if change.changes_to("state", _IN_PROGRESS) and item["state"] == "1":
        change.update("sc_req_item", item["sys_id"], {"state": _IN_PROGRESS})
    if change.changes_to("state", *_CLOSED) and item["approval"] != "requested":
        _proceed(change, item)


def _proceed(change: Change, item: Mapping[str, str]) -> None:
    tasks = change.records.query("sc_task", f"request_item={item['sys_id']}")
    if any(task["active"] == "true" for task in tasks):
        return
    if create_next_tasks(change, item):
        return
    outcome = "3" if any(task["state"] in _DONE for task in tasks) else "4"
    change.update("sc_req_item", item["sys_id"], {"state": outcome})


def create_next_tasks(change: Change, item: Mapping[str, str]) -> int:
    """Create the tasks of the plan that come after those an item has; how many there were."""
    catalog_item = change.records.row("sc_cat_item", item["cat_item"])
    plan = catalog_item["delivery_plan"] if catalog_item else ""
    if not plan:
        return 0
    planned = change.records.query("sc_cat_item_delivery_task", f"delivery_plan={plan}")
    done = change.records.query("sc_task", f"request_item={item['sys_id']}")
    reached = max((int(task["delivery_plan_order"] or 0) for task in done), default=-1)
    ahead = [int(one["order"] or 0) for one in planned if int(one["order"] or 0) > reached]
    if not ahead:
        return 0
    now = [one for one in planned if int(one["order"] or 0) == min(ahead)]
    for one in now:
        change.insert("sc_task", _task(change, one, item=item))
    return len(now)


def _task(change: Change, planned: Mapping[str, str], *, item: Mapping[str, str]) -> dict[str, str]:
    return {
        "request_item": item["sys_id"],
        "short_description": planned["short_description"] or planned["name"],
        "description": planned["instructions"],
        "assignment_group": planned["group"],
        "assigned_to": planned["assigned_to"],
        "delivery_plan_order": planned["order"],
        "order": planned["order"],
        "due_date": later(change.at, planned["delivery_time"]),
    }
