"""Carts and wish lists as the API shows them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from simulator.areas.catalog import carts, prices
from simulator.areas.catalog.api.item_bodies import image, shows_price
from simulator.areas.catalog.lines import Line
from simulator.areas.catalog.variable_types import Kind
from simulator.instance import Instance

Body = dict[str, object]

_NONE = "none"


def cart_body(instance: Instance, cart: str) -> Body:
    """A cart: what it costs, and its items by how often they are paid for."""
    lines = carts.lines_of(instance, cart)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.frequency or _NONE, []).append(line)
    return {
        "cart_id": cart,
        **_totals(lines),
        **{
            frequency: {
                **_totals(group, frequency=group[0].frequency_label),
                "frequency_label": group[0].frequency_label or None,
                "items": [line_body(instance, line) for line in group],
            }
            for frequency, group in groups.items()
        },
    }


def added_body(instance: Instance, cart: str) -> Body:
    """The short form of a cart that answers to what is put into it."""
    lines = carts.lines_of(instance, cart)
    return {
        "cart_id": cart,
        "subtotal": prices.shown(_sum(lines, "price")),
        "items": [_priced(line) for line in lines],
    }


def wish_list_body(instance: Instance, cart: str) -> Body:
    """A wish list with everything in it."""
    lines = carts.lines_of(instance, cart)
    return {"cart_id": cart, "items": [line_body(instance, line) for line in lines]}


def wished_body(line: Line) -> Body:
    """One item of a wish list by itself."""
    return {**_priced(line), "variables": _answers(line), "delivery_time": line.delivery_time}


def line_body(instance: Instance, line: Line) -> Body:
    """An item in a cart."""
    row, item = line.cart_item, line.item
    once, again = line.price * line.quantity, line.recurring_price * line.quantity
    return {
        **wished_body(line),
        "recurring_frequency": line.frequency_label or None,
        "sys_id": row["sys_id"],
        "item_id": item["sys_id"],
        "name": item["name"],
        "short_description": item["short_description"],
        "picture": image(item["picture"]),
        "sys_class_name": item["sys_class_name"],
        "order_guide": _name_of(instance, line.order_guide),
        "show_price": shows_price(item),
        "show_quantity": item["no_quantity_v2"] != "true",
        "show_recurring_price": bool(line.recurring_price),
        "subtotal": _number(once),
        "subtotal_price": prices.shown(once),
        "recurring_subtotal": _number(again),
        "recurring_subtotal_price": prices.shown(again),
        "created_by": row["sys_created_by"],
        "created_on": row["sys_created_on"],
        "updated_by": row["sys_updated_by"],
        "updated_on": row["sys_updated_on"],
    }


def _priced(line: Line) -> Body:
    price, recurring = prices.shown(line.price), prices.shown(line.recurring_price)
    return {
        "cart_item_id": line.cart_item["sys_id"],
        "catalog_item_id": line.item["sys_id"],
        "item_name": line.item["name"],
        "quantity": str(line.quantity),
        "price": price,
        "localized_price": price,
        "recurring_frequency": line.frequency_label,
        "recurring_price": recurring,
        "localized_recurring_price": recurring,
    }


def _totals(lines: Sequence[Line], *, frequency: str = "") -> Body:
    once = _sum(lines, "price")
    return {
        "subtotal_price": prices.shown(once),
        "subtotal_recurring_frequency": frequency,
        "subtotal_recurring_price": prices.shown(_sum(lines, "recurring_price")),
        "subtotal_title": "Subtotal",
        "show_subtotal_price": "true" if once else "false",
        "total_title": "Total",
    }


def _sum(lines: Sequence[Line], field: str) -> Decimal:
    each = (getattr(line, field) * line.quantity for line in lines)
    return sum(each, Decimal(0))


def _answers(line: Line) -> Mapping[str, str]:
    """By what people read as the question; masked answers are not given away."""
    return {
        answer.question.row["question_text"]: "********"
        if answer.question.kind == Kind.MASKED and answer.value
        else answer.value
        for answer in line.answers
    }


def _name_of(instance: Instance, guide: str) -> str:
    row = instance.row("sc_cat_item", guide) if guide else None
    return row["name"] if row else ""


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
