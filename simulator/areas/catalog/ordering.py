"""Orders: a request, an item of it for every line, and the answers that belong to each item."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.access.people import Person
from simulator.areas.catalog import carts, prices, refusals
from simulator.areas.catalog.addresses import delivery_address
from simulator.areas.catalog.catalogue import ORDERABLE, Catalogue
from simulator.areas.catalog.lines import Line
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.areas.catalog.requesting_for import also_requested_for, requested_for
from simulator.instance import Instance

Row = dict[str, str]

TWO_STEPS = "glide.sc.checkout.twostep"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is ordered, and for whom."""

    lines: Sequence[Line]
    requested_for: str
    delivery_address: str = ""
    special_instructions: str = ""


def has_two_steps(instance: Instance) -> bool:
    """Whether an order is looked at before it is submitted."""
    return instance.property(TWO_STEPS, default="false") == "true"


def place(instance: Instance, person: Person, order: Order) -> Row:
    """Make the request, all or nothing; its row."""
    with instance.store.transaction():
        request = instance.insert(
            "sc_request",
            {
                "requested_for": order.requested_for,
                "delivery_address": order.delivery_address
                or delivery_address(instance, order.requested_for),
                "special_instructions": order.special_instructions,
            },
            as_user=person.sys_id,
            run_rules=True,
        )
        for line in order.lines:
            for receiver in (order.requested_for, *line.also_for):
                _order_line(instance, person, line, request=request, receiver=receiver)
    return instance.row("sc_request", request) or {}


def check_out(instance: Instance, person: Person) -> Row:
    """Order everything in the person's cart, and empty it. Raises CatalogRefused if it is empty.

    Rows of carts are their owner's to write: who may order what, and for whom, is asked anew.
    """
    cart = carts.cart_of(instance, person)
    lines = carts.lines_of(instance, cart["sys_id"])
    if not lines:
        raise CatalogRefused(refusals.EMPTY_CART)
    for line in lines:
        _check(instance, person, line)
    order = Order(
        lines=lines,
        requested_for=requested_for(instance, person, cart["requested_for"]),
        delivery_address=cart["delivery_address"],
        special_instructions=cart["special_instructions"],
    )
    with instance.store.transaction():
        request = place(instance, person, order)
        carts.empty(instance, cart["sys_id"])
        own = {"requested_for": person.sys_id, "special_instructions": "", "delivery_address": ""}
        instance.update("sc_cart", cart["sys_id"], own, as_user=person.sys_id)
    return request


def _check(instance: Instance, person: Person, line: Line) -> None:
    """Raises CatalogRefused for a line that the person may not order now."""
    item = line.item["sys_id"]
    is_orderable = line.item["sys_class_name"] in ORDERABLE
    if not is_orderable or not Catalogue(instance, person).has_item(item):
        raise CatalogRefused(refusals.NOT_ORDERABLE)
    questions = [each.question for each in line.answers]
    also_requested_for(instance, person, asked=line.also_for, item=item, questions=questions)


def _order_line(
    instance: Instance, person: Person, line: Line, *, request: str, receiver: str
) -> None:
    values = {
        "request": request,
        "cat_item": line.item["sys_id"],
        "quantity": str(line.quantity),
        "price": prices.plain(line.price),
        "recurring_price": prices.plain(line.recurring_price),
        "requested_for": receiver,
        "order_guide": line.order_guide,
    }
    item = instance.insert("sc_req_item", values, as_user=person.sys_id, run_rules=True)
    carts.write_rows(instance, person, line.answers, table="sc_req_item", parent=item)
    for option in carts.write_answers(instance, person, line.answers):
        owned = {"request_item": item, "sc_item_option": option}
        instance.insert("sc_item_option_mtom", owned, as_user=person.sys_id)
