"""Business rules of the catalogue and of orders."""

from collections.abc import Sequence

from simulator.areas.catalog import placing
from simulator.areas.catalog.fulfilment import items, requests, tasks
from simulator.records.rules import ON_DELETE, ON_INSERT, ON_UPDATE, BusinessRule, rule
from simulator.switches import Switches

_REQUEST, _ITEM, _TASK = "sc_request", "sc_req_item", "sc_task"
_WRITTEN = ON_INSERT | ON_UPDATE


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the table they are of."""
    return (
        rule("Place an item", "sc_cat_item", placing.place, order=100, after=True),
        rule(
            "Name the catalog of an item",
            "sc_cat_item_catalog",
            placing.name_catalog,
            order=100,
            on=ON_INSERT | ON_DELETE,
            after=True,
        ),
        rule(
            "Name the category of an item",
            "sc_cat_item_category",
            placing.name_category,
            order=100,
            on=ON_INSERT,
            after=True,
        ),
        rule("Set requested for", _REQUEST, requests.fill_in, order=20, on=ON_INSERT),
        rule("Submit a request", _REQUEST, requests.submit, order=30),
        rule("Request approved or rejected", _REQUEST, requests.decide, order=40),
        rule("Close a request", _REQUEST, requests.close, order=50),
        rule(
            "Cancel open items",
            _REQUEST,
            requests.cancel_items,
            order=100,
            on=ON_UPDATE,
            after=True,
        ),
        rule("Fill in a requested item", _ITEM, items.fill_in, order=20, on=ON_INSERT),
        rule("Item approvals", _ITEM, items.ask_or_proceed, order=30, on=ON_INSERT),
        rule("Item approved or rejected", _ITEM, items.decide, order=40, on=ON_UPDATE),
        rule("Close a requested item", _ITEM, items.close, order=50),
        rule("Start fulfilment", _ITEM, items.start, order=100, on=ON_INSERT, after=True),
        rule("Follow the item", _ITEM, items.follow, order=100, on=ON_UPDATE, after=True),
        rule(
            "Add up the request",
            _ITEM,
            items.add_up,
            order=200,
            on=_WRITTEN | ON_DELETE,
            after=True,
        ),
        rule("Fill in a catalog task", _TASK, tasks.fill_in, order=20, on=ON_INSERT),
        rule("Close a catalog task", _TASK, tasks.close, order=50),
        rule("Follow the task", _TASK, tasks.follow, order=100, on=ON_UPDATE, after=True),
    )
