"""Ordering: at once, by way of the cart, through a guide, or as a record of another table."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.json_bodies import json_object_if_any
from simulator.areas.catalog import carts, refusals
from simulator.areas.catalog.answering import answered
from simulator.areas.catalog.api.bodies import text, variables_of
from simulator.areas.catalog.api.cart_bodies import added_body
from simulator.areas.catalog.catalogue import ORDERABLE, Catalogue, kind_of
from simulator.areas.catalog.lines import Line, quantity
from simulator.areas.catalog.ordering import Order, has_two_steps, place
from simulator.areas.catalog.producing import produce
from simulator.areas.catalog.questions import questions_of
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.areas.catalog.requesting_for import also_requested_for, people_in, requested_for
from simulator.errors import UnknownResource
from simulator.instance import Instance

Body = Mapping[str, object]


async def order_now(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/order_now`. With a two-step checkout the item goes into the cart."""
    body = await json_object_if_any(request)
    line = line_of(instance, person, str(request.path_params["sys_id"]), body)
    receiver = requested_for(instance, person, text(body, "sysparm_requested_for"))
    line = _for_all(instance, person, body, line=line)
    if has_two_steps(instance):
        cart = _put(instance, person, line, receiver=receiver)
        return answer({"result": {"cart_id": cart}})
    order = Order(lines=[line], requested_for=receiver)
    made = place(instance, person, order)
    result = {
        "sys_id": made["sys_id"],
        "number": made["number"],
        "request_number": made["number"],
        "request_id": made["sys_id"],
        "parent_id": None,
        "parent_table": "task",
        "table": "sc_request",
    }
    return answer({"result": result})


async def add_to_cart(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/add_to_cart`."""
    body = await json_object_if_any(request)
    line = line_of(instance, person, str(request.path_params["sys_id"]), body)
    receiver = requested_for(instance, person, text(body, "sysparm_requested_for"))
    line = _for_all(instance, person, body, line=line)
    cart = _put(instance, person, line, receiver=receiver)
    return answer({"result": added_body(instance, cart)})


async def submit_producer(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/submit_producer`."""
    body = await json_object_if_any(request)
    producer = Catalogue(instance, person).item(request.path_params["sys_id"])
    table = producer.get("table_name", "")
    if kind_of(producer) != "record_producer" or not instance.knows(table):
        raise UnknownResource(request.url.path)
    questions = questions_of(instance, producer["sys_id"])
    given = variables_of(body)
    answers = answered(questions, given, instance=instance, person=person)
    record = produce(instance, person, producer, answers=answers)
    ancestors = instance.dictionary.ancestors(table)
    result = {
        "sys_id": record["sys_id"],
        "number": record.get("number", ""),
        "parent_id": None,
        "record": f"api/now/table/{table}/{record['sys_id']}",
        "redirect_portal_url": "",
        "parent_table": ancestors[1] if len(ancestors) > 1 else table,
        "redirect_url": producer["redirect_url"]
        or f"{table}.do?sys_id={record['sys_id']}&sysparm_view=ess",
        "table": table,
        "redirect_to": "",
    }
    return answer({"result": result})


def line_of(
    instance: Instance,
    person: Person,
    sys_id: str,
    body: Body,
    *,
    default: int | None = None,
    complete: bool = True,
) -> Line:
    """The line a body asks for of one item. Raises CatalogRefused or BadBody.

    `default` is the quantity of a body without one; `complete` asks for mandatory answers.
    """
    number = quantity(body.get("sysparm_quantity"), default=default)
    catalogue = Catalogue(instance, person)
    item = catalogue.item(sys_id, otherwise=refusals.NOT_ORDERABLE)
    if item["sys_class_name"] not in ORDERABLE:
        raise CatalogRefused(refusals.NOT_ORDERABLE)
    questions = questions_of(instance, item["sys_id"])
    given = variables_of(body)
    answers = answered(questions, given, instance=instance, person=person, complete=complete)
    return Line(item=item, quantity=number, answers=tuple(answers))


def _for_all(instance: Instance, person: Person, body: Body, *, line: Line) -> Line:
    also = also_requested_for(
        instance,
        person,
        asked=people_in(text(body, "sysparm_also_request_for")),
        item=line.item["sys_id"],
        questions=[each.question for each in line.answers],
    )
    return replace(line, also_for=tuple(also))


def _put(instance: Instance, person: Person, line: Line, *, receiver: str) -> str:
    cart = carts.cart_of(instance, person)["sys_id"]
    with instance.store.transaction():
        carts.put(instance, person, cart=cart, line=line)
        if receiver != person.sys_id:
            wanted = {"requested_for": receiver}
            instance.update("sc_cart", cart, wanted, as_user=person.sys_id)
    return cart
