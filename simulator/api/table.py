"""The Table API: `/api/now[/v1|/v2]/table/{table}[/{sys_id}]`."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import address_too_long, answer, links
from simulator.api.calls import api_of
from simulator.api.endpoints import Endpoint, api_routes, check_table
from simulator.api.requests import body_of, flag, host_of, paging, wanted
from simulator.api.selection import selection
from simulator.errors import NoRecord
from simulator.instance import Instance
from simulator.records.plans import Wanted

_LONGEST_NAME = 1000


def routes(instance: Instance) -> list[Route]:
    """The routes of the Table API over an instance, for all its versions."""
    paths = {
        "/api/now{version}/table/{table}": {"GET": _list, "HEAD": _list, "POST": _create},
        "/api/now{version}/table/{table}/{sys_id}": {
            "GET": _get,
            "HEAD": _get,
            "PUT": _update,
            "PATCH": _update,
            "DELETE": _delete,
        },
    }
    known = {
        path: {method: _of_a_table(endpoint) for method, endpoint in endpoints.items()}
        for path, endpoints in paths.items()
    }
    return api_routes(instance, known)


def _of_a_table(endpoint: Endpoint) -> Endpoint:
    """The endpoint, once there is such a table."""

    async def checked(instance: Instance, request: Request, person: Person) -> Response:
        table = request.path_params["table"]
        if len(table) > _LONGEST_NAME:
            return address_too_long()
        check_table(instance, table)
        return await endpoint(instance, request, person)

    return checked


async def _list(instance: Instance, request: Request, person: Person) -> Response:
    request = instance.tiny_addresses.expanded(request)
    parameters, table = request.query_params, request.path_params["table"]
    pages = paging(parameters)
    select = selection(instance, table, parameters, person=person)
    total = instance.reader.count(select) if pages.counted else None
    records = instance.reader.page(
        _wanted(instance, request, in_list=True),
        select,
        person=person,
        host=host_of(request),
        limit=pages.limit,
        offset=pages.offset,
        total=total,
    )
    headers = {}
    if total is not None:
        headers["X-Total-Count"] = str(total)
        if pages.linked:
            address = host_of(request) + request.url.path
            headers["Link"] = links(address, parameters, pages, total=total)
    if not records and "/v1/" in request.url.path:
        raise NoRecord
    return answer({"result": records}, headers=headers)


async def _get(instance: Instance, request: Request, person: Person) -> Response:
    return answer({"result": _record(instance, request, person, _sys_id(request))})


async def _create(instance: Instance, request: Request, person: Person) -> Response:
    table = request.path_params["table"]
    values = await _values(instance, request, person)
    sys_id = instance.writer.create(table, values, person=person)
    location = f"{host_of(request)}{api_of(request)}/table/{table}/{sys_id}"
    return _written(instance, request, person, sys_id=sys_id, location=location)


async def _update(instance: Instance, request: Request, person: Person) -> Response:
    values = await _values(instance, request, person)
    instance.writer.change(request.path_params["table"], _sys_id(request), values, person=person)
    return _written(instance, request, person, sys_id=_sys_id(request))


async def _delete(instance: Instance, request: Request, person: Person) -> Response:
    instance.writer.remove(request.path_params["table"], _sys_id(request), person=person)
    return answer(None, status=204)


def _written(
    instance: Instance, request: Request, person: Person, *, sys_id: str, location: str = ""
) -> Response:
    status, headers = (201, {"Location": location}) if location else (200, {})
    if request.headers.get("x-no-response-body", "").lower() == "true":
        return answer(None, status=status, headers=headers)
    try:
        record = _record(instance, request, person, sys_id)
    except NoRecord:
        record = {}  # they may insert it and may not read it
    return answer({"result": record}, status=status, headers=headers)


def _wanted(instance: Instance, request: Request, *, in_list: bool) -> Wanted:
    """What of each record: `sysparm_fields`, or the fields of `sysparm_view`, or everything."""
    table, parameters = request.path_params["table"], request.query_params
    version = api_of(request).removeprefix("/api/now")
    asked, view = wanted(table, parameters), parameters.get("sysparm_view")
    if version:
        asked = replace(asked, version=version)
    if asked.fields is None and view:
        return replace(asked, fields=instance.views.fields(table, view, in_list=in_list))
    return asked


def _record(instance: Instance, request: Request, person: Person, sys_id: str) -> object:
    asked = _wanted(instance, request, in_list=False)
    record = instance.reader.one(asked, sys_id, person=person, host=host_of(request))
    if record is None:
        raise NoRecord
    return record


async def _values(instance: Instance, request: Request, person: Person) -> dict[str, str]:
    """The fields of a write; with `sysparm_input_display_value` what people see is resolved."""
    given = dict(await body_of(request))
    if not flag(request.query_params, "sysparm_input_display_value"):
        return given
    table = request.path_params["table"]
    fields = instance.dictionary.fields_of(table)
    return {
        name: instance.display_values.value(table, fields[name], text, person=person)
        if name in fields
        else text
        for name, text in given.items()
    }


def _sys_id(request: Request) -> str:
    return str(request.path_params["sys_id"])
