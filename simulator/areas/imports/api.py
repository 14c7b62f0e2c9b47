"""The Import Set API: `/api/now[/v1|/v2]/import/{table}[/{sys_id}|/insertMultiple]`."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import CREATE
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint, api_routes
from simulator.api.json_bodies import json_object
from simulator.api.requests import body_of, host_of
from simulator.areas.imports.loading import (
    check_staging,
    load_row,
    new_set,
    open_set,
    rows_in,
)
from simulator.areas.imports.transforms import Transformed, outcomes_of, transform
from simulator.errors import (
    AclRefused,
    BadBody,
    BadParameter,
    InvalidTable,
    NoRecord,
)
from simulator.instance import Instance, Row
from simulator.records.plans import Wanted
from simulator.records.rendering import Display
from simulator.records.values import given_text


def routes(instance: Instance) -> list[Route]:
    """The routes of the Import Set API, for all its versions."""
    start = "/api/now{version}/import/{table}"
    return api_routes(
        instance,
        {
            f"{start}": {"POST": _of_a_staging_table(_insert)},
            f"{start}/insertMultiple": {"POST": _of_a_staging_table(_insert_multiple)},
            f"{start}/{{sys_id}}": {"GET": _of_a_staging_table(_get)},
        },
    )


def _of_a_staging_table(endpoint: Endpoint) -> Endpoint:
    async def checked(instance: Instance, request: Request, person: Person) -> Response:
        table = request.path_params["table"]
        if not instance.knows(table):
            raise InvalidTable(table, explained=instance.switches.invalid_table_detail)
        check_staging(instance, table)
        return await endpoint(instance, request, person)

    return checked


async def _insert(instance: Instance, request: Request, person: Person) -> Response:
    table, values = request.path_params["table"], await body_of(request)
    with instance.store.transaction():
        import_set = open_set(instance, table, person=person)
        row = rows_in(instance, import_set)
        staged = load_row(instance, table, values, import_set=import_set, row=row, person=person)
    outcomes = transform(instance, staged, table=table, person=person)
    return answer(
        _body(instance, request, import_set, outcomes, person=person),
        status=201,
        headers={"Location": f"{host_of(request)}{request.url.path}/{staged['sys_id']}"},
    )


async def _get(instance: Instance, request: Request, person: Person) -> Response:
    table, sys_id = request.path_params["table"], request.path_params["sys_id"]
    asked = Wanted(table=table, fields=("sys_id",), display=Display.VALUES, links=False)
    seen = instance.reader.one(asked, sys_id, person=person, host=host_of(request))
    staged = instance.row(table, sys_id)
    if seen is None or staged is None:
        raise NoRecord
    import_set = instance.row("sys_import_set", staged["sys_import_set"]) or {}
    body = _body(instance, request, import_set, outcomes_of(staged), person=person)
    return answer(body)


async def _insert_multiple(instance: Instance, request: Request, person: Person) -> Response:
    table, records = request.path_params["table"], await _records(request)
    if instance.access.row(person, table, CREATE).never:
        raise AclRefused("Insert")
    settings = instance.query("sys_rest_insert_multiple", f"source_table={table}", limit=1)
    columns = _columns(instance, table, by_label=_says(settings, "column_mapping", "label"))
    with instance.store.transaction():
        import_set = _set_of_many(instance, request, table, person=person)
        rows = [
            load_row(
                instance,
                table,
                {columns[name]: text for name, text in record.items() if name in columns},
                import_set=import_set,
                row=row,
                person=person,
            )
            for row, record in enumerate(records)
        ]
        instance.update("sys_import_set", import_set["sys_id"], {"state": "loaded"})
    response = answer(
        {
            "import_set_id": import_set["sys_id"],
            "multi_import_set_id": import_set["multi_import_set"],
        },
        status=201,
    )
    work = BackgroundTask(
        _transform_all, instance, table, rows, import_set=import_set, person=person
    )
    if _says(settings, "transformation", "asynchronous"):
        response.background = work
    else:
        await work()
    return response


async def _transform_all(
    instance: Instance, table: str, rows: Sequence[Row], *, import_set: Row, person: Person
) -> None:
    counts = dict.fromkeys(("inserted", "updated", "ignored", "error"), 0)
    for staged in rows:
        for outcome in transform(instance, staged, table=table, person=person):
            counts[outcome.status] += 1
        await asyncio.sleep(0)  # other requests have their turn
    instance.insert(
        "sys_import_set_run",
        {
            "set": import_set["sys_id"],
            "state": "complete_with_errors" if counts["error"] else "complete",
            "completed": instance.now(),
            "total": str(len(rows)),
            "inserts": str(counts["inserted"]),
            "updates": str(counts["updated"]),
            "ignored": str(counts["ignored"]),
            "errors": str(counts["error"]),
        },
        as_user=person.sys_id,
    )
    instance.update("sys_import_set", import_set["sys_id"], {"state": "processed"})


def _set_of_many(instance: Instance, request: Request, table: str, *, person: Person) -> Row:
    """A new import set, within a multi import set. Raises BadParameter for one that is not."""
    parameters = request.query_params
    multi, after = parameters.get("multi_import_set_id", ""), parameters.get("run_after", "")
    if multi and instance.row("sys_multi_import_set", multi) is None:
        raise BadParameter("multi_import_set_id")
    if after and instance.row("sys_import_set", after) is None:
        raise BadParameter("run_after")
    if not multi:
        multi = instance.insert("sys_multi_import_set", {}, as_user=person.sys_id, run_rules=True)
    values = {"multi_import_set": multi, "run_after": after, "mode": "asynchronous"}
    return new_set(instance, table, person=person, **values)


async def _records(request: Request) -> list[dict[str, str]]:
    """The `records` of the body. Raises what is in errors.py."""
    records = (await json_object(request)).get("records")
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise BadBody
    return [{name: given_text(value) for name, value in one.items()} for one in records]


def _columns(instance: Instance, table: str, *, by_label: bool) -> dict[str, str]:
    """What a record's names mean: labels by default, and names where no label is so."""
    fields = instance.dictionary.fields_of(table).values()
    names = {field.name: field.name for field in fields}
    return names | ({field.label: field.name for field in fields} if by_label else {})


def _says(settings: Sequence[Row], field: str, default: str) -> bool:
    return (settings[0][field] if settings else default) == default


def _body(
    instance: Instance,
    request: Request,
    import_set: Mapping[str, str],
    outcomes: Sequence[Transformed],
    *,
    person: Person,
) -> dict[str, object]:
    results = [_result(instance, request, one, person=person) for one in outcomes]
    return {
        "import_set": import_set.get("number", ""),
        "staging_table": request.path_params["table"],
        "result": results,
    }


def _result(
    instance: Instance, request: Request, one: Transformed, *, person: Person
) -> dict[str, str]:
    name = instance.dictionary.display_field(one.table).name if instance.knows(one.table) else ""
    said = {
        "transform_map": one.transform_map,
        "table": one.table,
        "display_name": name,
        "display_value": _shown(instance, request, one, name=name, person=person),
        "record_link": _link(request, one),
        "status": one.status,
        "sys_id": one.sys_id,
    }
    if one.message:
        said["error_message" if one.status == "error" else "status_message"] = one.message
    return said


def _shown(
    instance: Instance, request: Request, one: Transformed, *, name: str, person: Person
) -> str:
    """The display value of the target, as far as the person may read it."""
    if not one.sys_id or not name:
        return ""
    asked = Wanted(table=one.table, fields=(name,), display=Display.LABELS, links=False)
    record = instance.reader.one(asked, one.sys_id, person=person, host=host_of(request)) or {}
    return str(record.get(name, ""))


def _link(request: Request, one: Transformed) -> str:
    return f"{host_of(request)}/api/now/table/{one.table}/{one.sys_id}" if one.sys_id else ""
