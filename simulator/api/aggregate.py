"""The Aggregate API: `/api/now[/v1|/v2]/stats/{table}`."""

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.api.aggregate_answer import AggregateAnswer, Row
from simulator.api.aggregate_request import AggregateRequest, RequestReader
from simulator.api.aggregate_sql import AggregateCompiler
from simulator.api.answers import answer
from simulator.api.calls import api_of
from simulator.api.endpoints import api_routes, check_table
from simulator.api.requests import host_of, wanted
from simulator.api.selection import selection
from simulator.errors import QueryRefused, UnreadableField
from simulator.instance import Instance
from simulator.queries.compiler import SelectText
from simulator.records.plans import Wanted
from simulator.records.rendering import Page
from simulator.switches import HiddenRows


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {"/api/now{version}/stats/{table}": {"GET": _aggregate}})


async def _aggregate(instance: Instance, request: Request, person: Person) -> Response:
    request = instance.tiny_addresses.expanded(request)
    table = request.path_params["table"]
    check_table(instance, table)
    parameters = request.query_params
    asked = RequestReader(instance.dictionary, table).read(parameters)
    select = selection(instance, table, parameters, person=person)
    _check_fields(instance, asked, person=person)
    only = _only(instance, select, person=person, table=table)
    rows = _rows(instance, asked, select, only=only)
    result = AggregateAnswer(
        instance,
        asked,
        table,
        display=wanted(table, parameters).display,
        page=Page(person, host_of(request) + api_of(request), instance.store),
    ).result(rows)
    return answer({"result": result})


def _rows(
    instance: Instance, asked: AggregateRequest, select: SelectText, *, only: str | None
) -> Sequence[Row]:
    """What the database says; it is not asked where nothing is, nor twice for one count."""
    if asked.is_count and only is None:
        return [(instance.reader.count(select),)]
    if not asked.aggregates and not asked.groups:
        return []
    compiled = AggregateCompiler(instance.dictionary).compile(asked, select, only=only)
    return instance.store.rows(compiled.sql, compiled.parameters)


def _check_fields(instance: Instance, asked: AggregateRequest, *, person: Person) -> None:
    """Raises UnreadableField for one that the person may not read on every record."""
    for named in asked.fields:
        verdicts = instance.access.along(person, named.path)
        verdicts += instance.access.rows_on_the_way(person, named.path)
        if not all(verdict.always for verdict in verdicts):
            raise UnreadableField


def _only(instance: Instance, select: SelectText, *, person: Person, table: str) -> str | None:
    """The sys_ids of the records that count, as JSON; None where all do. Raises QueryRefused."""
    classes = set(instance.access.ruled_by(table, READ).values())
    verdicts = [instance.access.row(person, one, READ) for one in classes]
    if all(verdict.always for verdict in verdicts):
        return None
    hidden = instance.switches.aggregates_of_hidden_rows
    is_open = instance.access.row(person, table, READ).always
    if all(verdict.never for verdict in verdicts):
        raise QueryRefused
    if hidden is HiddenRows.COUNTED:
        return None
    if hidden is HiddenRows.REFUSED and not is_open:
        raise QueryRefused
    seen = instance.reader.page(
        Wanted(table=table, fields=("sys_id",)), select, person=person, host="", limit=-1
    )
    return orjson.dumps([record["sys_id"] for record in seen]).decode()
