"""Order guides: what they offer for some answers, and ordering what they offered."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.json_bodies import json_object_if_any
from simulator.areas.catalog import carts, refusals
from simulator.areas.catalog.answering import answered
from simulator.areas.catalog.api.bodies import variables_of
from simulator.areas.catalog.api.cart_bodies import cart_body
from simulator.areas.catalog.api.item_bodies import whole_item_body
from simulator.areas.catalog.api.ordering import line_of
from simulator.areas.catalog.availability import Row
from simulator.areas.catalog.catalogue import Catalogue, kind_of
from simulator.areas.catalog.guides import offered
from simulator.areas.catalog.lines import Line
from simulator.areas.catalog.ordering import check_out, has_two_steps
from simulator.areas.catalog.questions import questions_of
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.errors import BadBody
from simulator.instance import Instance


async def submit_guide(instance: Instance, request: Request, person: Person) -> Response:
    """`PUT /items/{sys_id}/submit_guide` `{variables}`: the items that fit the answers."""
    body = await json_object_if_any(request)
    catalogue = Catalogue(instance, person)
    guide = _guide(catalogue, request)
    questions = questions_of(instance, guide["sys_id"])
    answers = answered(questions, variables_of(body), instance=instance, person=person)
    result = [
        {
            **whole_item_body(instance, person, catalogue, each.item),
            "quantity": each.quantity,
            "order": each.order,
        }
        for each in offered(instance, catalogue, guide["sys_id"], answers=answers)
    ]
    return answer({"result": result})


async def checkout_guide(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/checkout_guide` `{items}`.

    The documentation has it that one step leaves the items in the cart, and two steps order them.
    """
    body = await json_object_if_any(request)
    guide = _guide(Catalogue(instance, person), request)
    lines = [_line(instance, person, each, guide=guide) for each in _items(body)]
    cart = carts.cart_of(instance, person)["sys_id"]
    with instance.store.transaction():
        for line in lines:
            carts.put(instance, person, cart=cart, line=line)
        if has_two_steps(instance):
            made = check_out(instance, person)
            number = {"request_number": made["number"], "request_id": made["sys_id"]}
            return answer({"result": number})
    return answer({"result": cart_body(instance, cart)})


def _guide(catalogue: Catalogue, request: Request) -> Row:
    guide = catalogue.item(request.path_params["sys_id"])
    if kind_of(guide) != "order_guide":
        raise CatalogRefused(refusals.NO_SUCH_ITEM)
    return guide


def _items(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    given = body.get("items")
    if not isinstance(given, list) or not given:
        raise CatalogRefused(refusals.NOT_ORDERABLE)
    found: list[Mapping[str, object]] = [each for each in given if isinstance(each, dict)]
    if len(found) != len(given):
        raise BadBody
    return found


def _line(instance: Instance, person: Person, given: Mapping[str, object], *, guide: Row) -> Line:
    sys_id = given.get("sys_id")
    if not isinstance(sys_id, str):
        raise CatalogRefused(refusals.NOT_ORDERABLE)
    line = line_of(instance, person, sys_id, given, default=1)
    return replace(line, order_guide=guide["sys_id"])
