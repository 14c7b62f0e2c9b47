"""Changes over the Change Management API: lists, one, new ones, updates, deletion."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint
from simulator.areas.changes.api.records import record, records
from simulator.areas.changes.api.requests import (
    CHANGE,
    applicable,
    change_of,
    given_fields,
    readable,
    refusals_as_bad_requests,
    selected,
)
from simulator.areas.changes.models import BY_TYPE
from simulator.instance import Instance
from simulator.queries.parsing import Condition

# What a standard change has from its template stays as it was approved.
_FIXED_BY_TEMPLATE = ("description", "backout_plan", "test_plan", "implementation_plan")


def of_type(kind: str = "") -> Mapping[str, Mapping[str, Endpoint]]:
    """Endpoints for the changes of one type, or for all, by the rest of the address."""
    many: dict[str, Endpoint] = {"GET": partial(_many, kind=kind)}
    if kind != "standard":  # those are made from a template
        many["POST"] = partial(_create, kind=kind)
    return {
        "": many,
        "/{sys_id}": {
            "GET": partial(_one, kind=kind),
            "PATCH": partial(_update, kind=kind),
            "DELETE": partial(_delete, kind=kind),
        },
    }


async def _many(instance: Instance, request: Request, person: Person, *, kind: str) -> Response:
    only = (Condition("type", "=", kind),) if kind else ()
    asked = selected(instance, request, CHANGE, person=person, only=only)
    found = records(
        instance, CHANGE, asked.select, person=person, limit=asked.limit, offset=asked.offset
    )
    return answer({"result": found})


async def _one(instance: Instance, request: Request, person: Person, *, kind: str) -> Response:
    row = change_of(instance, request, person, kind=kind)
    return answer({"result": record(instance, CHANGE, row["sys_id"], person=person)})


async def _create(instance: Instance, request: Request, person: Person, *, kind: str) -> Response:
    given = await given_fields(request)
    if "model" in given:
        given.setdefault("chg_model", given.pop("model"))
    if kind:
        given |= {"type": kind, "chg_model": BY_TYPE[kind].sys_id}
    return _created(instance, given, person=person)


async def _update(instance: Instance, request: Request, person: Person, *, kind: str) -> Response:
    row = change_of(instance, request, person, kind=kind)
    fields = applicable(instance, CHANGE, await given_fields(request), person=person, row=row)
    with refusals_as_bad_requests():
        instance.writer.change(CHANGE, row["sys_id"], fields.applied, person=person)
    return _written(instance, row["sys_id"], fields.ignored, person=person)


async def _delete(instance: Instance, request: Request, person: Person, *, kind: str) -> Response:
    row = change_of(instance, request, person, kind=kind)
    before = record(instance, CHANGE, row["sys_id"], person=person)
    with refusals_as_bad_requests():
        instance.writer.remove(CHANGE, row["sys_id"], person=person)
    return answer({"result": before})


async def create_from_template(instance: Instance, request: Request, person: Person) -> Response:
    """A standard change with the values of a template and those given that may differ."""
    template = readable(
        instance,
        "std_change_record_producer",
        request.path_params["sys_id"],
        person=person,
        active="true",
    )
    values = template_values(instance, template)
    given = await given_fields(request)
    fixed = [name for name in _FIXED_BY_TEMPLATE if name in given]
    allowed = {name: text for name, text in given.items() if name not in fixed}
    values |= allowed | {
        "type": "standard",
        "chg_model": BY_TYPE["standard"].sys_id,
        "std_change_producer_version": template["current_version"],
    }
    return _created(instance, values, person=person, ignored=fixed)


def template_values(instance: Instance, template: Mapping[str, str]) -> dict[str, str]:
    """The field values of a template, from its text of `field=value` between carets."""
    kept = instance.row("sys_template", template["template"])
    pieces = kept["template"].removesuffix("^EQ").split("^") if kept else []
    parts = (piece.partition("=") for piece in pieces)
    return {name: value for name, equals, value in parts if equals}


def _created(
    instance: Instance,
    given: Mapping[str, str],
    *,
    person: Person,
    ignored: list[str] | None = None,
) -> Response:
    fields = applicable(instance, CHANGE, given, person=person)
    with refusals_as_bad_requests():
        sys_id = instance.writer.create(CHANGE, fields.applied, person=person)
    return _written(instance, sys_id, [*(ignored or []), *fields.ignored], person=person)


def _written(instance: Instance, sys_id: str, ignored: list[str], *, person: Person) -> Response:
    shown: dict[str, object] = {**record(instance, CHANGE, sys_id, person=person)}
    return answer({"result": shown | {"__meta": {"ignoredFields": ignored}}})
