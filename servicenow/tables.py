"""The Table API: get, list, find, create and update, with typed records.

Every answer brings values and display values, and only the fields that were asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

import httpx

from servicenow.batches import Batches, Reading
from servicenow.exceptions import (
    AmbiguousRecord,
    NotAsDocumented,
    OutcomeUnknown,
    RecordNotFound,
)
from servicenow.names import checked_fields, checked_sys_id, checked_table
from servicenow.query import Query
from servicenow.records import Page, Record, Value
from servicenow.responses import Answer, Sought

_CANDIDATES: Final = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to ask for: the first `limit` records of a table that fit the query."""

    table: str
    query: Query
    fields: Sequence[str]
    limit: int


class Requests(Protocol):
    """What tables need of a client."""

    batches: Batches

    async def read(self, path: str, *, query: Mapping[str, str], sought: Sought) -> Answer:
        """See ServiceNowClient."""
        ...

    async def write(
        self,
        method: Literal["POST", "PATCH"],
        path: str,
        *,
        query: Mapping[str, str],
        values: Mapping[str, str],
        sought: Sought,
    ) -> Answer:
        """See ServiceNowClient."""
        ...


class Tables:
    """Records of one instance as one person.

    Every method may raise what `servicenow.exceptions` draws; named below is only what it
    adds. `sys_id` is always among the fields asked for.
    """

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    async def get(self, table: str, *, sys_id: str, fields: Sequence[str]) -> Record:
        """Return one record by its sys_id. Raises RecordNotFound."""
        path = f"{_path(table)}/{checked_sys_id(sys_id)}"
        answer = await self._requests.read(
            path, query=_asking_for(fields), sought=Sought(table, sys_id)
        )
        return _record(table, _result(answer))

    async def list(
        self,
        table: str,
        *,
        query: Query,
        fields: Sequence[str],
        limit: int = 10,
        offset: int = 0,
    ) -> Page:
        """Return one page of the records that fit the query.

        Raises UnknownField before anything is listed, where the query is `checked_by` a
        dictionary; ValueError for a limit below 1 or an offset below 0.
        """
        if limit < 1 or offset < 0:
            message = f"no page has limit {limit} and offset {offset}"
            raise ValueError(message)
        await query.check(table)
        asking = _listing(query, fields=fields, limit=limit, offset=offset)
        sought = Sought(table, str(query))
        try:
            answer = await self._requests.read(_path(table), query=asking, sought=sought)
        except RecordNotFound:
            # Version 1 of the API answers an empty list with 404.
            answer = Answer(404, httpx.Headers({"x-total-count": "0"}), {"result": []})
        return _page(table, answer, asked=tuple(fields), limit=limit, offset=offset)

    async def list_together(self, listings: Sequence[Listing]) -> Sequence[Page | None]:
        """Ask for several lists in one request; None for each that has to be asked for alone.

        The pages do not say their totals. Raises as `list` does.
        """
        readings = []
        for one in listings:
            await one.query.check(one.table)
            asking = _listing(one.query, fields=one.fields, limit=one.limit, offset=0)
            sought = Sought(one.table, str(one.query))
            readings.append(Reading(_path(one.table), asking, sought))
        answers = await self._requests.batches.read(readings)
        return [
            _page(one.table, answer, asked=tuple(one.fields), limit=one.limit, offset=0)
            if answer
            else None
            for one, answer in zip(listings, answers, strict=True)
        ]

    async def find_one(self, table: str, *, query: Query, fields: Sequence[str]) -> Record:
        """Return the only record that fits the query.

        Raises RecordNotFound where none fits, or where the one that came back contradicts the
        query (an instance drops conditions that it does not understand), and AmbiguousRecord
        where several fit.
        """
        page = await self.list(table, query=query, fields=fields, limit=_CANDIDATES)
        if not page.records:
            raise RecordNotFound(table, str(query))
        if len(page.records) > 1 or page.next_offset is not None:
            raise AmbiguousRecord(table, page.records)
        if query.contradicted_by(page.records[0]):
            raise RecordNotFound(table, str(query))
        return page.records[0]

    async def create(
        self, table: str, values: Mapping[str, str], *, fields: Sequence[str]
    ) -> Record:
        """Insert a record and return it as the instance stored it.

        Fields that the person may not set are silently left out by the instance: compare.
        Raises OutcomeUnknown, with the correlation_id among the values, where the reply is lost.
        """
        answer = await self._requests.write(
            "POST",
            _path(table),
            query=_asking_for(fields),
            values=values,
            sought=Sought(table, "a new record"),
        )
        record = _written(table, answer, correlation_id=values.get("correlation_id"))
        if record.sys_id:
            return record
        # Who may create but not read a record gets it without fields; Location still names it.
        sys_id = answer.headers.get("location", "").partition("?")[0].rpartition("/")[2]
        if not sys_id:
            lost = NotAsDocumented("a new record without a sys_id", status=answer.status)
            raise OutcomeUnknown(lost, correlation_id=values.get("correlation_id"))
        return Record(table, sys_id, record.fields)

    async def update(
        self, table: str, *, sys_id: str, values: Mapping[str, str], fields: Sequence[str]
    ) -> Record:
        """Change some fields of a record and return it as the instance stored it.

        Raises RecordNotFound; and OutcomeUnknown where the reply is lost.
        """
        answer = await self._requests.write(
            "PATCH",
            f"{_path(table)}/{checked_sys_id(sys_id)}",
            query=_asking_for(fields),
            values=values,
            sought=Sought(table, sys_id),
        )
        record = _written(table, answer, correlation_id=None)
        return record if record.sys_id else Record(table, sys_id, record.fields)


def _path(table: str) -> str:
    return f"/api/now/table/{checked_table(table)}"


def _asking_for(fields: Sequence[str]) -> dict[str, str]:
    return {
        "sysparm_display_value": "all",
        "sysparm_exclude_reference_link": "true",
        "sysparm_fields": _field_list(tuple(fields)),
    }


def _listing(query: Query, *, fields: Sequence[str], limit: int, offset: int) -> dict[str, str]:
    return _asking_for(fields) | {
        "sysparm_query": str(query),
        "sysparm_limit": str(limit),
        "sysparm_offset": str(offset),
        # Link repeats the whole query four times, and long headers break connections.
        "sysparm_suppress_pagination_header": "true",
    }


@lru_cache(maxsize=256)
def _field_list(fields: tuple[str, ...]) -> str:
    # Most calls ask for one of a few lists of fields; checking the names is not free.
    return ",".join(dict.fromkeys(["sys_id", *checked_fields(fields)]))


def _result(answer: Answer) -> Any:  # noqa: ANN401  # JSON of the instance; the callers check it
    if isinstance(answer.json, dict) and "result" in answer.json:
        return answer.json["result"]
    message = "an answer without a result"
    raise NotAsDocumented(message, status=answer.status)


def _written(table: str, answer: Answer, *, correlation_id: str | None) -> Record:
    try:
        return _record(table, _result(answer))
    except NotAsDocumented as lost:
        raise OutcomeUnknown(lost, correlation_id=correlation_id) from lost


def _record(table: str, row: object) -> Record:
    if not isinstance(row, dict):
        message = "a record that is not an object"
        raise NotAsDocumented(message)
    fields = {name: _value(cell) for name, cell in row.items()}
    sys_id = fields.get("sys_id")
    return Record(table, sys_id.value if sys_id else "", fields)


def _value(cell: object) -> Value:
    if isinstance(cell, dict):
        value, shown = cell.get("value"), cell.get("display_value")
        if isinstance(value, str) and isinstance(shown, str):
            return Value(value, shown)
        return Value(_text(value), _text(shown))
    return Value(_text(cell), _text(cell))


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def _page(table: str, answer: Answer, *, asked: tuple[str, ...], limit: int, offset: int) -> Page:
    rows = _result(answer)
    if not isinstance(rows, list):
        message = "a list that is not a list"
        raise NotAsDocumented(message, status=answer.status)
    counted = answer.headers.get("x-total-count", "")
    total = int(counted) if counted.isascii() and counted.isdigit() else None
    # Without a total only an empty page can be the last one: rows are removed after the limit.
    more = offset + limit < total if total is not None else bool(rows)
    return Page(
        records=tuple(_record(table, row) for row in rows),
        total=total,
        offset=offset,
        limit=limit,
        next_offset=offset + limit if more else None,
        asked=asked,
    )
