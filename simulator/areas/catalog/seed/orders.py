"""Rows of the requests, items, tasks, answers and approvals of the demo."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.areas.catalog import prices
from simulator.areas.catalog.addresses import delivery_address
from simulator.areas.catalog.fulfilment.requests import STATE_OF
from simulator.areas.catalog.seed.naming import Values, catalog_id, item_id, variable_id
from simulator.areas.catalog.seed.offers import ITEMS, Item
from simulator.areas.catalog.seed.stories import (
    CANCELLED,
    DONE,
    FULFILLING,
    REJECTED,
    STORIES,
    WAITING,
    OrderedItem,
    Story,
)
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import group_id, person_id

_ITEMS = {item.name: item for item in ITEMS}

# How far an item is: approval, state, stage.
_OUTCOMES = {
    WAITING: ("requested", "1", "waiting_for_approval"),
    REJECTED: ("rejected", "4", "Request Cancelled"),
    FULFILLING: ("approved", "2", "fulfillment"),
    DONE: ("approved", "3", "complete"),
    CANCELLED: ("approved", "4", "closed_incomplete"),
}
_OPEN = (WAITING, FULFILLING)

Row = tuple[str, Values]


def plant_orders(instance: Instance) -> None:
    """Insert them; dates count back from the instance's clock."""
    tables: dict[str, list[Values]] = {}
    for table, values in _rows(instance):
        tables.setdefault(table, []).append(values)
    for table, rows in tables.items():
        instance.insert_many(table, rows)


def _rows(instance: Instance) -> Iterator[Row]:
    items, tasks = 0, 0
    for at, story in enumerate(STORIES, start=1):
        opened = instance.clock() - timedelta(days=story.days)
        number = f"REQ{at:07}"
        address = delivery_address(instance, person_id(story.requested_for))
        yield "sc_request", _request(story, number=number, opened=opened, address=address)
        for ordered in story.items:
            items += 1
            ritm = f"RITM{items:07}"
            yield from _item_rows(story, ordered, number=ritm, request=number, opened=opened)
            for task in ordered.tasks:
                tasks += 1
                facts = {
                    "short_description": task.text,
                    "assignment_group": group_id(task.group),
                    "assigned_to": person_id(task.assigned_to) if task.assigned_to else "",
                    "state": task.state,
                    "request": _id("sc_request", number),
                    "request_item": _id("sc_req_item", ritm),
                    "parent": _id("sc_req_item", ritm),
                    "sc_catalog": catalog_id(_ITEMS[ordered.item].catalog),
                    "delivery_plan_order": str(100 * (1 + ordered.tasks.index(task))),
                }
                closed = task.state == "3"
                yield (
                    "sc_task",
                    {
                        **_task(story, "sc_task", f"SCTASK{tasks:07}", opened=opened),
                        **facts,
                        **(_ended(opened, by=task.assigned_to) if closed else {}),
                    },
                )


def _request(story: Story, *, number: str, opened: datetime, address: str) -> Values:
    outcomes = [ordered.outcome for ordered in story.items]
    state = _request_state(outcomes)
    whole = sum(
        (prices.amount(_price(ordered)) * ordered.quantity for ordered in story.items), Decimal(0)
    )
    stages = {"requested": "requested", "in_process": "request_approved"}
    approvals = {"requested": "requested", "closed_rejected": "rejected"}
    return {
        **_task(story, "sc_request", number, opened=opened),
        "requested_for": person_id(story.requested_for),
        "requested_date": as_moment(opened)[:10],
        "request_state": state,
        "approval": approvals.get(state, "approved"),
        "stage": stages.get(state, state),
        "state": STATE_OF.get(state, "1"),
        "price": prices.plain(whole),
        "delivery_address": address,
        **(_ended(opened, by="itil") if state in STATE_OF else {}),
    }


def _request_state(outcomes: list[str]) -> str:
    if FULFILLING in outcomes:
        return "in_process"
    if WAITING in outcomes:
        return "requested"
    if DONE in outcomes:
        return "closed_complete"
    return "closed_rejected" if REJECTED in outcomes else "closed_incomplete"


def _item_rows(
    story: Story, ordered: OrderedItem, *, number: str, request: str, opened: datetime
) -> Iterator[Row]:
    item, sys_id = _ITEMS[ordered.item], _id("sc_req_item", number)
    approval, state, stage = _OUTCOMES[ordered.outcome]
    due = as_moment(opened + timedelta(days=item.days))
    facts = {
        "request": _id("sc_request", request),
        "parent": _id("sc_request", request),
        "requested_for": person_id(story.requested_for),
        "cat_item": item_id(item.name),
        "sc_catalog": catalog_id(item.catalog),
        "short_description": item.says,
        "quantity": str(ordered.quantity),
        "price": _price(ordered),
        "recurring_price": item.monthly or item.yearly or "0",
        "recurring_frequency": _frequency(item),
        "approval": approval,
        "state": state,
        "stage": stage,
        "estimated_delivery": due,
        "due_date": due,
    }
    ended = {} if ordered.outcome in _OPEN else _ended(opened, by="itil")
    yield "sc_req_item", {**_task(story, "sc_req_item", number, opened=opened), **facts, **ended}
    yield from _answers(story, ordered, item=sys_id)
    yield from _approvals(ordered, item=sys_id)
    if ordered.comment:
        yield "sys_journal_field", _comment(story, ordered, item=sys_id, opened=opened)


def _answers(story: Story, ordered: OrderedItem, *, item: str) -> Iterator[Row]:
    for name, value in ordered.answers.items():
        option = stable_sys_id("sc_item_option", item, name)
        variable = variable_id(ordered.item, name)
        author = {"sys_created_by": story.opened_by or story.requested_for}
        answer = {"sys_id": option, "item_option_new": variable, "value": value}
        owned = stable_sys_id("sc_item_option_mtom", item, name)
        yield "sc_item_option", {**answer, **author}
        yield (
            "sc_item_option_mtom",
            {"sys_id": owned, "request_item": item, "sc_item_option": option},
        )


def _approvals(ordered: OrderedItem, *, item: str) -> Iterator[Row]:
    for approver, state in ordered.approvals:
        yield (
            "sysapproval_approver",
            {
                "sys_id": stable_sys_id("sysapproval_approver", item, approver),
                "sysapproval": item,
                "document_id": item,
                "source_table": "sc_req_item",
                "approver": person_id(approver),
                "state": state,
            },
        )


def _comment(story: Story, ordered: OrderedItem, *, item: str, opened: datetime) -> Values:
    at = as_moment(opened + timedelta(hours=1))
    return {
        "sys_id": stable_sys_id("sys_journal_field", item, ordered.comment),
        "element_id": item,
        "element": "comments",
        "name": "sc_req_item",
        "value": ordered.comment,
        "sys_created_on": at,
        "sys_created_by": story.opened_by or story.requested_for,
    }


def _task(story: Story, table: str, number: str, *, opened: datetime) -> Values:
    opener = story.opened_by or story.requested_for
    return {
        "sys_id": _id(table, number),
        "sys_class_name": table,
        "number": number,
        "opened_at": as_moment(opened),
        "opened_by": person_id(opener),
        "sys_created_on": as_moment(opened),
        "sys_created_by": opener,
        "sys_updated_on": as_moment(opened),
        "sys_updated_by": opener,
    }


def _ended(opened: datetime, *, by: str) -> Values:
    at = as_moment(opened + timedelta(hours=18))
    return {"active": "false", "closed_at": at, "closed_by": person_id(by)}


def _price(ordered: OrderedItem) -> str:
    return _ITEMS[ordered.item].price


def _frequency(item: Item) -> str:
    return "monthly" if item.monthly else "yearly" if item.yearly else ""


def _id(table: str, number: str) -> str:
    return stable_sys_id(table, number)
