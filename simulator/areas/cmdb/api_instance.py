"""The CMDB instance API: `/api/now/cmdb/instance/{class}`, its items and their relations."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint, api_routes
from simulator.api.json_bodies import json_object
from simulator.api.requests import host_of, paging
from simulator.api.selection import selection
from simulator.areas.cmdb.asked import Item, Relation, objects_of, values_of
from simulator.areas.cmdb.identifying import ITEMS, is_class, known_sources
from simulator.areas.cmdb.reconciling import Placed, Reconciler
from simulator.areas.cmdb.refusals import (
    InvalidClass,
    InvalidRelation,
    InvalidSource,
    NotIdentified,
)
from simulator.areas.cmdb.relating import TABLE, make, relation_type, relations_of
from simulator.errors import ApiRefused, NoRecord
from simulator.instance import Instance
from simulator.records.plans import Wanted
from simulator.records.rendering import Display
from simulator.records.values import given_text

_BOUNDS = ("outbound_relations", "inbound_relations")

Body = Mapping[str, object]


def routes(instance: Instance) -> list[Route]:
    """The routes of this API."""
    root = "/api/now{version}/cmdb/instance/{class_name}"
    one = f"{root}/{{sys_id}}"
    paths = {
        root: {"GET": _list, "POST": _create},
        one: {"GET": _get, "PUT": _update, "PATCH": _update},
        f"{one}/relation": {"POST": _add_relations},
        f"{one}/relation/{{relation}}": {"DELETE": _remove_relation},
    }
    return api_routes(
        instance,
        {
            path: {method: _of_a_class(endpoint) for method, endpoint in endpoints.items()}
            for path, endpoints in paths.items()
        },
    )


def _of_a_class(endpoint: Endpoint) -> Endpoint:
    """The endpoint, for people with `itil` and a class that there is."""

    async def checked(instance: Instance, request: Request, person: Person) -> Response:
        if not person.has_any(ITIL):
            raise ApiRefused
        if not is_class(instance, request.path_params["class_name"]):
            raise InvalidClass(request.path_params["class_name"])
        return await endpoint(instance, request, person)

    return checked


async def _list(instance: Instance, request: Request, person: Person) -> Response:
    name = request.path_params["class_name"]
    pages = paging(request.query_params)
    found = instance.reader.page(
        Wanted(table=name, fields=("sys_id", "name")),
        selection(instance, name, request.query_params, person=person),
        person=person,
        host=host_of(request),
        limit=pages.limit,
        offset=pages.offset,
    )
    return answer({"result": found})


async def _get(instance: Instance, request: Request, person: Person) -> Response:
    return _answered(instance, request, person, _readable(instance, request, person))


async def _create(instance: Instance, request: Request, person: Person) -> Response:
    body = await json_object(request)
    reconciler = _reconciler(instance, body, person)
    wished = _wished(instance, body, person)
    values = values_of(body.get("attributes"))
    name = values.get("sys_class_name") or request.path_params["class_name"]
    hosts = [one.child for one in wished if one.child]
    with instance.store.transaction():
        placed = reconciler.place_on(Item(class_name=name, values=values), hosts)
        if placed.errors:
            raise NotIdentified(placed.errors[0][1])
        for relation in wished:
            _make(instance, placed.sys_id, relation, person=person)
    return _answered(instance, request, person, placed.sys_id)


async def _update(instance: Instance, request: Request, person: Person) -> Response:
    body = await json_object(request)
    reconciler = _reconciler(instance, body, person)
    sys_id = _readable(instance, request, person)
    values = values_of(body.get("attributes"))
    actual = (instance.row(ITEMS, sys_id) or {})["sys_class_name"]
    wanted = values.get("sys_class_name") or actual
    if not is_class(instance, wanted):
        raise InvalidClass(wanted)
    with instance.store.transaction():
        reconciler.update(Placed(index=0, item=Item(class_name=wanted, values=values)), sys_id)
    return _answered(instance, request, person, sys_id)


async def _add_relations(instance: Instance, request: Request, person: Person) -> Response:
    body = await json_object(request)
    _reconciler(instance, body, person)
    sys_id = _readable(instance, request, person)
    wished = _wished(instance, body, person)
    if not wished:
        raise InvalidRelation("outbound_relations or inbound_relations are needed")
    with instance.store.transaction():
        for relation in wished:
            _make(instance, sys_id, relation, person=person)
    return _answered(instance, request, person, sys_id)


async def _remove_relation(instance: Instance, request: Request, person: Person) -> Response:
    sys_id = _readable(instance, request, person)
    row = instance.row(TABLE, request.path_params["relation"])
    if row is None or sys_id not in (row["parent"], row["child"]):
        raise NoRecord
    instance.writer.remove(TABLE, row["sys_id"], person=person)
    return answer(None)


def _reconciler(instance: Instance, body: Body, person: Person) -> Reconciler:
    source = given_text(body.get("source"))
    if source not in known_sources(instance):
        raise InvalidSource(source)
    return Reconciler(instance=instance, person=person, source=source)


def _wished(instance: Instance, body: Body, person: Person) -> list[Relation]:
    """The relations of a body; the end that is the item itself is empty. Raises InvalidRelation."""
    given = [*_ends(body, "outbound_relations"), *_ends(body, "inbound_relations")]
    depends_on = body.get("depends_on")
    if isinstance(depends_on, Mapping):
        given += [one for name in _BOUNDS for one in _ends(depends_on, name)]
    for one in given:
        if not one.type or relation_type(instance, one.type) != one.type:
            raise InvalidRelation(f"There is no relationship type {one.type}")
        target = one.parent or one.child
        if not instance.reader.may(person, READ, table=ITEMS, sys_id=target):
            raise InvalidRelation(f"There is no configuration item {target}")
    return given


def _ends(body: Body, name: str) -> list[Relation]:
    outbound = name == "outbound_relations"
    found = []
    for one in objects_of(body.get(name)):
        kind, target = given_text(one.get("type")), given_text(one.get("target"))
        ends = ("", target) if outbound else (target, "")
        found.append(Relation(type=kind, parent=ends[0], child=ends[1]))
    return found


def _make(instance: Instance, item: str, relation: Relation, *, person: Person) -> None:
    parent, child = relation.parent or item, relation.child or item
    make(instance, parent, relation.type, child, person=person)


def _readable(instance: Instance, request: Request, person: Person) -> str:
    """The sys_id of the item meant. Raises NoRecord: it is of another class, or hidden."""
    sys_id = str(request.path_params["sys_id"])
    row = instance.row(request.path_params["class_name"], sys_id)
    if row is None or not instance.reader.may(person, READ, table=ITEMS, sys_id=sys_id):
        raise NoRecord
    return row["sys_id"]


def _answered(instance: Instance, request: Request, person: Person, sys_id: str) -> Response:
    """An item with all its attributes and relations, as the person may see them."""
    table = (instance.row(ITEMS, sys_id) or {})["sys_class_name"]
    host = host_of(request)
    record = instance.reader.one(
        Wanted(table=table, display=Display.BOTH), sys_id, person=person, host=host
    )
    if record is None:
        raise NoRecord
    result: dict[str, object] = {
        name: relations_of(
            instance, sys_id, person=person, host=host, outbound=name == "outbound_relations"
        )
        for name in _BOUNDS
    }
    return answer({"result": result | {"attributes": _attributes(record)}})


def _attributes(record: Mapping[str, object]) -> dict[str, object]:
    """References with their names and addresses, everything else as its value."""
    return {
        name: shown if isinstance(shown, dict) and "link" in shown else _value(shown)
        for name, shown in record.items()
    }


def _value(shown: object) -> object:
    return shown["value"] if isinstance(shown, dict) else shown
