"""What fields a table has, and what the choices of a field are, as this person may know it.

`sys_dictionary` holds only a table's own fields; the rest come from the tables it extends.
Most people may not read it: then the base system's fields are taken for known, and about any
other field the table itself is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol

from servicenow.base_choices import BASE_CHOICES
from servicenow.base_fields import BASE_TABLES, SYSTEM_FIELDS, is_always_there
from servicenow.exceptions import (
    InvalidTable,
    NotAuthorized,
    RecordNotFound,
    ScopeNotAllowed,
    UnknownField,
)
from servicenow.names import checked_field, checked_table
from servicenow.query import CurrentUser, Query
from servicenow.records import Page, Record
from servicenow.remembered import Remembered
from servicenow.tables import Tables

_ROWS_A_PAGE: Final = 1000
_MOST_PAGES: Final = 20
_DEEPEST: Final = 20
_FRESH_FOR_SECONDS: Final = 600


class HasTables(Protocol):
    """What a dictionary needs of a client."""

    tables: Tables


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field. `table` is where it is defined, `reference` the table it points to."""

    name: str
    table: str
    label: str
    type: str
    reference: str = ""
    mandatory: bool = False
    read_only: bool = False
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a field; some apply only under a value of another field."""

    value: str
    label: str
    dependent_value: str = ""


@dataclass(frozen=True, slots=True)
class _Fields:
    known: Mapping[str, FieldInfo]
    complete: bool


_CHOICE_FIELDS: Final = ("name", "element", "value", "label", "language", "dependent_value")


class Dictionary:
    """Fields and choices for one person on one instance, remembered for ten minutes."""

    def __init__(self, client: HasTables) -> None:
        self._client = client
        self._remembered = Remembered(seconds=_FRESH_FOR_SECONDS)

    async def fields_of(self, table: str) -> Mapping[str, FieldInfo]:
        """Return the table's own and inherited fields by name; empty for an unknown table."""
        return (await self._fields(table)).known

    async def check(self, table: str, names: Iterable[str]) -> None:
        """Raise UnknownField for the first name that the table does not have.

        A dot-walked name is followed through its references.
        """
        for name in names:
            if is_always_there(table, name):
                continue
            found = await self._walk(table, checked_field(name))
            if found is None:
                ask = partial(self._shows, table, name)
                found = await self._remembered.get(("shown", table, name), ask)
            if not found:
                raise UnknownField(table, name)

    async def choices(self, table: str, field: str) -> list[Choice]:
        """Return the active choices of a field in their order, in the person's language.

        Those of the nearest table that defines any count; empty for a field without choices.
        """
        checked_field(field)
        fetch = partial(self._fetch_choices, checked_table(table), checked_field(field))
        return list(await self._remembered.get(("choices", table, field), fetch))

    async def all_choices(self, table: str) -> Mapping[str, Sequence[Choice]]:
        """Return the active choices of every field of a table that has some, by field."""
        fetch = partial(self._fetch_all_choices, checked_table(table))
        return await self._remembered.get(("all choices", table), fetch)

    async def _walk(self, table: str, name: str) -> bool | None:
        """Whether the table has the field; None where the person cannot know."""
        first, _, rest = name.partition(".")
        fields = await self._fields(table)
        info = fields.known.get(first)
        if info is None:
            return False if fields.complete or rest else None
        if not rest:
            return True
        # A walk through an unknown reference is not asked about: it might end anywhere.
        return bool(info.reference) and bool(await self._walk(info.reference, rest))

    async def _shows(self, table: str, name: str) -> bool:
        """Whether the table returns the field when asked: it leaves out those it lacks."""
        page = await self._client.tables.list(table, query=Query(), fields=[name], limit=5)
        return any(record.has(name) for record in page.records)

    async def _fields(self, table: str) -> _Fields:
        fetch = partial(self._fetch_fields, checked_table(table))
        return await self._remembered.get(("fields", table), fetch)

    async def _fetch_fields(self, table: str) -> _Fields:
        lineage = await self._lineage(table)
        asked = ("name", "element", "column_label", "internal_type", "reference", "mandatory")
        rows, complete = await self._all(
            "sys_dictionary",
            query=Query().is_in("name", lineage).is_not_empty("element"),
            fields=(*asked, "read_only", "max_length"),
        )
        known: dict[str, FieldInfo] = {}
        if not complete:
            for ancestor in reversed(lineage):
                known |= _base_fields(ancestor)
        known |= {info.name: info for info in _written(SYSTEM_FIELDS, table=table)}
        # From the root down, so that a table's own definition replaces an inherited one.
        for ancestor in reversed(lineage):
            own = (row for row in rows if row.value("name") == ancestor)
            known |= {info.name: info for info in map(_field_info, own)}
        return _Fields(MappingProxyType(known), complete)

    async def _lineage(self, table: str) -> tuple[str, ...]:
        """Return the table and those it extends, nearest first."""
        fetch = partial(self._fetch_lineage, table)
        return await self._remembered.get(("lineage", table), fetch)

    async def _fetch_lineage(self, table: str) -> tuple[str, ...]:
        lineage: list[str] = []
        while table and table not in lineage and len(lineage) < _DEEPEST:
            lineage.append(table)
            table = await self._extended_by(table)
        return tuple(lineage)

    async def _extended_by(self, table: str) -> str:
        rows, _ = await self._all(
            "sys_db_object",
            query=Query().equals("name", table),
            fields=("name", "super_class.name"),
        )
        for row in rows:
            if row.value("name") == table and row.has("super_class.name"):
                return row.value("super_class.name")
        return BASE_TABLES[table].extends if table in BASE_TABLES else ""

    async def _fetch_choices(self, table: str, field: str) -> Sequence[Choice]:
        lineage = await self._lineage(table)
        query = Query().is_in("name", lineage).equals("element", field)
        rows, _ = await self._all("sys_choice", query=_in_order(query), fields=_CHOICE_FIELDS)
        return await self._nearest(lineage, field, rows)

    async def _fetch_all_choices(self, table: str) -> Mapping[str, Sequence[Choice]]:
        lineage = await self._lineage(table)
        query = Query().is_in("name", lineage)
        rows, _ = await self._all("sys_choice", query=_in_order(query), fields=_CHOICE_FIELDS)
        fields = {row.value("element") for row in rows}
        fields |= {field for ancestor, field in BASE_CHOICES if ancestor in lineage}
        found = {field: await self._nearest(lineage, field, rows) for field in sorted(fields)}
        return MappingProxyType({field: choices for field, choices in found.items() if choices})

    async def _nearest(
        self, lineage: Sequence[str], field: str, rows: Sequence[Record]
    ) -> Sequence[Choice]:
        """The choices of the nearest table that defines any; else those of the base system."""
        for ancestor in lineage:
            own = [
                row
                for row in rows
                if row.value("name") == ancestor and row.value("element") == field
            ]
            if own:
                return await self._in_own_language(own)
        for ancestor in lineage:
            if base := BASE_CHOICES.get((ancestor, field)):
                return [Choice(value, label) for value, label in base]
        return []

    async def _in_own_language(self, rows: Sequence[Record]) -> Sequence[Choice]:
        order = {row.value("language"): 0 for row in rows}
        if len(order) > 1:
            # What is not translated appears in the base language, as in a form.
            own = await self._remembered.get("language", self._fetch_language)
            order |= {"en": 1} | {own: 2}
        best: dict[tuple[str, str], Record] = {}
        for row in rows:
            choice = (row.value("value"), row.value("dependent_value"))
            rival = best.get(choice)
            if rival is None or order[row.value("language")] > order[rival.value("language")]:
                best[choice] = row
        return [
            Choice(value, row.value("label"), dependent) for (value, dependent), row in best.items()
        ]

    async def _fetch_language(self) -> str:
        rows, _ = await self._all(
            "sys_user",
            query=Query().equals("sys_id", CurrentUser.SYS_ID),
            fields=("preferred_language",),
        )
        return rows[0].value("preferred_language") if len(rows) == 1 else ""

    async def _all(
        self, table: str, *, query: Query, fields: Sequence[str]
    ) -> tuple[list[Record], bool]:
        """Return all readable rows, and whether access control left every one of them."""
        rows: list[Record] = []
        complete = True
        offset: int | None = 0
        while offset is not None and offset < _ROWS_A_PAGE * _MOST_PAGES:
            page = await self._page(table, query=query, fields=fields, offset=offset)
            if page is None:
                return [], False
            rows += page.records
            complete = complete and page.removed_rows == 0
            offset = page.next_offset
        return rows, complete and bool(rows)

    async def _page(
        self, table: str, *, query: Query, fields: Sequence[str], offset: int
    ) -> Page | None:
        try:
            return await self._client.tables.list(
                table, query=query, fields=fields, limit=_ROWS_A_PAGE, offset=offset
            )
        except ScopeNotAllowed:
            raise
        except (NotAuthorized, RecordNotFound, InvalidTable):
            return None


def _in_order(choices: Query) -> Query:
    return choices.equals("inactive", value=False).order_by("sequence")


def _field_info(row: Record) -> FieldInfo:
    longest = row.value("max_length")
    return FieldInfo(
        name=row.value("element"),
        table=row.value("name"),
        label=row.value("column_label"),
        type=row.value("internal_type"),
        reference=row.value("reference"),
        mandatory=row.value("mandatory") == "true",
        read_only=row.value("read_only") == "true",
        max_length=int(longest) if longest.isdecimal() else None,
    )


def _base_fields(table: str) -> dict[str, FieldInfo]:
    written = BASE_TABLES[table].fields if table in BASE_TABLES else ""
    return {info.name: info for info in _written(written, table=table)}


def _written(fields: str, *, table: str) -> Iterable[FieldInfo]:
    for word in fields.split():
        name, _, reference = word.partition(">")
        name, _, kind = name.partition(":")
        label = name.replace("_", " ").capitalize()
        kind = "reference" if reference else kind or "string"
        yield FieldInfo(name=name, table=table, label=label, type=kind, reference=reference)
