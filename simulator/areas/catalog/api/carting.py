"""The cart and the wish list of whoever asks."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.json_bodies import json_object_if_any
from simulator.areas.catalog import carts, refusals
from simulator.areas.catalog.addresses import delivery_address
from simulator.areas.catalog.answering import answered
from simulator.areas.catalog.api.bodies import text, variables_of
from simulator.areas.catalog.api.cart_bodies import cart_body, wish_list_body, wished_body
from simulator.areas.catalog.api.ordering import line_of
from simulator.areas.catalog.catalogue import Catalogue
from simulator.areas.catalog.lines import Line, quantity
from simulator.areas.catalog.ordering import check_out, has_two_steps
from simulator.areas.catalog.questions import questions_of
from simulator.areas.catalog.refusals import CatalogRefused, WishNotFound
from simulator.areas.catalog.requesting_for import may_request_for_others, requested_for
from simulator.instance import Instance

_EMPTIES_ANY = frozenset({"catalog_admin"})


async def cart(instance: Instance, _: Request, person: Person) -> Response:
    """`GET /cart`."""
    return answer({"result": cart_body(instance, _cart(instance, person))})


async def change_item(instance: Instance, request: Request, person: Person) -> Response:
    """`PUT /cart/{cart_item_id}` `{sysparm_quantity, variables}`; the whole cart comes back."""
    body = await json_object_if_any(request)
    number = quantity(body.get("sysparm_quantity"))
    line = _own(instance, person, request)
    if not Catalogue(instance, person).has_item(line.item["sys_id"]):
        raise CatalogRefused(refusals.NOT_ORDERABLE)
    given = {each.question.name: each.value for each in line.answers} | dict(variables_of(body))
    answers = answered(
        questions_of(instance, line.item["sys_id"]), given, instance=instance, person=person
    )
    kept = line.cart_item["sys_id"]
    with instance.store.transaction():
        values = {"quantity": str(number)}
        instance.update("sc_cart_item", kept, values, as_user=person.sys_id)
        carts.answer_item(instance, person, tuple(answers), cart_item=kept)
    return answer({"result": cart_body(instance, _cart(instance, person))}, status=201)


async def remove_item(instance: Instance, request: Request, person: Person) -> Response:
    """`DELETE /cart/{cart_item_id}`."""
    with instance.store.transaction():
        carts.remove(instance, _own(instance, person, request).cart_item["sys_id"])
    return answer(None, status=204)


async def empty(instance: Instance, request: Request, person: Person) -> Response:
    """`DELETE /cart/{sys_id}/empty`: one's own, or as a catalogue's administrator anybody's."""
    row = instance.row("sc_cart", request.path_params["cart_item_id"])
    if row is None or (row["user"] != person.sys_id and not person.has_any(_EMPTIES_ANY)):
        raise CatalogRefused(refusals.NO_SUCH_CART)
    with instance.store.transaction():
        carts.empty(instance, row["sys_id"])
        if person.is_admin or row["user"] == person.sys_id:
            instance.delete("sc_cart", row["sys_id"])
    return answer(None, status=204)


async def checkout(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /cart/checkout`: orders in one step, with two steps it shows what would be ordered."""
    if has_two_steps(instance):
        return answer({"result": await _preview(instance, request, person)})
    return _submitted(instance, person)


async def submit_order(instance: Instance, _: Request, person: Person) -> Response:
    """`POST /cart/submit_order`: orders what is in the cart, as the second of two steps too."""
    return _submitted(instance, person)


async def address(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /cart/delivery_address/{user_id}`: of others only where one may order for them."""
    sys_id = request.path_params["user_id"]
    if instance.row("sys_user", sys_id) is None:
        raise CatalogRefused(refusals.NO_SUCH_PERSON)
    if sys_id != person.sys_id and not may_request_for_others(instance, person):
        return answer({"result": ""})
    return answer({"result": delivery_address(instance, sys_id)})


async def wish_list(instance: Instance, _: Request, person: Person) -> Response:
    """`GET /wishlist`."""
    row = carts.cart_of(instance, person, name=carts.WISH_LIST)
    return answer({"result": wish_list_body(instance, row["sys_id"])})


async def wished(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /wishlist/{cart_item_id}`."""
    return answer({"result": wished_body(_wish(instance, person, request))})


async def forget_wish(instance: Instance, request: Request, person: Person) -> Response:
    """`DELETE /wishlist/{cart_item_id}`."""
    with instance.store.transaction():
        carts.remove(instance, _wish(instance, person, request).cart_item["sys_id"])
    return answer(None, status=204)


async def wish(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/add_to_wishlist`: mandatory variables may stay empty."""
    body = await json_object_if_any(request)
    sys_id = str(request.path_params["sys_id"])
    line = line_of(instance, person, sys_id, body, default=1, complete=False)
    row = carts.cart_of(instance, person, name=carts.WISH_LIST)
    with instance.store.transaction():
        carts.put(instance, person, cart=row["sys_id"], line=line)
    lines = carts.lines_of(instance, row["sys_id"])
    bodies = [wished_body(each) for each in lines]
    return answer({"result": {"cart_id": row["sys_id"], "items": bodies}})


def _submitted(instance: Instance, person: Person) -> Response:
    made = check_out(instance, person)
    number = {"request_number": made["number"], "request_id": made["sys_id"]}
    return answer({"result": number})


async def _preview(instance: Instance, request: Request, person: Person) -> dict[str, object]:
    body = await json_object_if_any(request)
    row = carts.cart_of(instance, person)
    if not carts.lines_of(instance, row["sys_id"]):
        raise CatalogRefused(refusals.EMPTY_CART)
    asked = text(body, "requested_for") or row["requested_for"]
    receiver = requested_for(instance, person, asked)
    said = {
        "requested_for": receiver,
        "special_instructions": text(body, "special_instructions") or row["special_instructions"],
        "delivery_address": text(body, "delivery_address")
        or row["delivery_address"]
        or delivery_address(instance, receiver),
    }
    instance.update("sc_cart", row["sys_id"], said, as_user=person.sys_id)
    user = instance.row("sys_user", receiver) or {}
    name = {"requested_for_user": user.get("name", "")}
    return {**cart_body(instance, row["sys_id"]), **said, **name}


def _cart(instance: Instance, person: Person) -> str:
    return carts.cart_of(instance, person)["sys_id"]


def _own(instance: Instance, person: Person, request: Request) -> Line:
    return carts.own_item(instance, person, request.path_params["cart_item_id"])


def _wish(instance: Instance, person: Person, request: Request) -> Line:
    sys_id = request.path_params["cart_item_id"]
    try:
        return carts.own_item(instance, person, sys_id, name=carts.WISH_LIST)
    except CatalogRefused:
        raise WishNotFound from None
