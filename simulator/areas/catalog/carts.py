"""Carts: a person has one to order from and one, called `saved_items`, that is the wish list."""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.areas.catalog import multi_rows, refusals
from simulator.areas.catalog.answering import Answer
from simulator.areas.catalog.lines import Line
from simulator.areas.catalog.questions import Question, questions_of
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.instance import Instance

Row = dict[str, str]

Asked = dict[str, dict[str, Question]]
"""For each item its variables, by sys_id."""

DEFAULT, WISH_LIST = "DEFAULT", "saved_items"


def cart_of(instance: Instance, person: Person, *, name: str = DEFAULT) -> Row:
    """The person's cart of this name; it is made when it is first asked for."""
    found = instance.query("sc_cart", f"user={person.sys_id}^name={name}", limit=1)
    if found:
        return found[0]
    values = {"user": person.sys_id, "name": name, "requested_for": person.sys_id}
    sys_id = instance.insert("sc_cart", values, as_user=person.sys_id)
    return instance.row("sc_cart", sys_id) or {}


def put(instance: Instance, person: Person, *, cart: str, line: Line) -> str:
    """Put a line into a cart; the sys_id of its `sc_cart_item`."""
    values = {
        "cart": cart,
        "cat_item": line.item["sys_id"],
        "quantity": str(line.quantity),
        "order_guide": line.order_guide,
        "also_request_for": ",".join(line.also_for),
    }
    sys_id = instance.insert("sc_cart_item", values, as_user=person.sys_id)
    answer_item(instance, person, line.answers, cart_item=sys_id)
    return sys_id


def answer_item(
    instance: Instance, person: Person, answers: tuple[Answer, ...], *, cart_item: str
) -> None:
    """Store all answers to an item in a cart, in the place of those it has."""
    forget_answers(instance, cart_item)
    write_answers(instance, person, answers, cart_item=cart_item)
    write_rows(instance, person, answers, table="sc_cart_item", parent=cart_item)


def forget_answers(instance: Instance, cart_item: str) -> None:
    """Delete the answers to an item in a cart."""
    for row in instance.query("sc_item_option", f"cart_item={cart_item}"):
        instance.delete("sc_item_option", row["sys_id"])
    multi_rows.discard(instance, cart_item)


def write_answers(
    instance: Instance, person: Person, answers: tuple[Answer, ...], *, cart_item: str = ""
) -> list[str]:
    """Store answers as rows of `sc_item_option`, but for multi-row sets; their sys_ids."""
    return [
        instance.insert(
            "sc_item_option",
            {
                "item_option_new": answer.question.sys_id,
                "value": answer.value,
                "cart_item": cart_item,
                "order": answer.question.row["order"],
            },
            as_user=person.sys_id,
        )
        for answer in answers
        if not answer.question.columns
    ]


def write_rows(
    instance: Instance, person: Person, answers: tuple[Answer, ...], *, table: str, parent: str
) -> None:
    """Store the answers to multi-row sets with a record of `table`."""
    for answer in answers:
        if answer.question.columns:
            multi_rows.keep(
                instance, person, answer.question, answer.value, table=table, parent=parent
            )


def lines_of(instance: Instance, cart: str) -> list[Line]:
    """What lies in a cart, oldest first. Items that have become inactive are left out."""
    rows = instance.query("sc_cart_item", f"cart={cart}")
    asked: Asked = {}
    lines = [_line(instance, row, asked=asked) for row in rows]
    return [line for line in lines if line is not None]


def _line(instance: Instance, row: Row, *, asked: Asked) -> Line | None:
    """`asked` keeps what each item asks: the same one often lies in a cart several times."""
    item = instance.row("sc_cat_item", row["cat_item"])
    if item is None or item["active"] != "true":
        return None
    sys_id = item["sys_id"]
    if sys_id not in asked:
        asked[sys_id] = {one.sys_id: one for one in questions_of(instance, sys_id)}
    questions = asked[sys_id]
    return Line(
        item=item,
        quantity=int(row["quantity"] or 1),
        answers=_answers(instance, row["sys_id"], questions),
        order_guide=row["order_guide"],
        also_for=tuple(one for one in row["also_request_for"].split(",") if one),
        cart_item=row,
    )


def _answers(
    instance: Instance, cart_item: str, questions: Mapping[str, Question]
) -> tuple[Answer, ...]:
    rows = instance.query("sc_item_option", f"cart_item={cart_item}")
    values = {row["item_option_new"]: row["value"] for row in rows}
    values |= {
        sys_id: multi_rows.kept(instance, one, parent=cart_item)
        for sys_id, one in questions.items()
        if one.columns
    }
    return tuple(
        Answer(one, values[sys_id]) for sys_id, one in questions.items() if sys_id in values
    )


def own_item(instance: Instance, person: Person, sys_id: str, *, name: str = DEFAULT) -> Line:
    """A line of the person's own cart. Raises CatalogRefused."""
    cart = cart_of(instance, person, name=name)
    for line in lines_of(instance, cart["sys_id"]):
        if line.cart_item["sys_id"] == sys_id:
            return line
    raise CatalogRefused(refusals.NO_SUCH_CART_ITEM)


def remove(instance: Instance, cart_item: str) -> None:
    """Take one item out of its cart, with the answers that are not part of an order."""
    forget_answers(instance, cart_item)
    instance.delete("sc_cart_item", cart_item)


def empty(instance: Instance, cart: str) -> None:
    """Take everything out of a cart."""
    for row in instance.query("sc_cart_item", f"cart={cart}"):
        remove(instance, row["sys_id"])
