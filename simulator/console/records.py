"""Any table of the instance, as an admin would see its records: no ACL hides anything here."""

from html import escape
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.console.parts import (
    Cell,
    code,
    console_page,
    facts,
    field,
    form,
    link,
    paragraph,
    table,
)
from simulator.instance import Instance, Row
from simulator.pages.templates import Html, join
from simulator.records.plans import Wanted
from simulator.records.rendering import Display
from simulator.schema import Field, Storage
from simulator.world import world_of

PAGE = 25
COLUMNS = 7
_HIDDEN = frozenset({"password", "password2"})

Both = dict[str, dict[str, str]]

_ADMIN = Person(
    sys_id="", user_name="console", name="Console", roles=frozenset({"admin"}), groups=()
)


async def tables(request: Request) -> Response:
    """GET /simulator/console/records: every table with how much is in it; `?name=` filters."""
    instance, wanted = world_of(request).instance, request.query_params.get("name", "")
    names = [name for name in sorted(instance.dictionary.tables) if wanted.lower() in name]
    rows = (
        (
            link(f"/records/{quote(name, safe='')}", name),
            instance.dictionary.label_of_table(name),
            instance.dictionary.tables[name].extends,
            str(instance.count(name)),
        )
        for name in names
    )
    return console_page(
        request,
        form(
            "/records", field("name", "Name contains", value=wanted), submit="Filter", method="get"
        ),
        table(("Table", "Label", "Extends", "Records"), rows, empty="No table has such a name."),
        title="Records",
    )


async def table_records(request: Request) -> Response:
    """GET /simulator/console/records/{table}: `?query=` an encoded query, `?offset=`."""
    instance, name = world_of(request).instance, request.path_params["table"]
    if not instance.dictionary.knows(name):
        return _missing(request, "There is no such table.")
    query = request.query_params.get("query", "")
    given = request.query_params.get("offset", "")
    offset = int(given) if given.isdecimal() and len(given) < 19 else 0
    rows = instance.query(name, query, limit=PAGE, offset=offset)
    columns = _columns(instance, name)
    here = f"/records/{quote(name, safe='')}"
    return console_page(
        request,
        form(here, field("query", "Encoded query", value=query), submit="Search", method="get"),
        paragraph(f"{instance.count(name, query)} records"),
        table(
            ["", *(column.label for column in columns)],
            (_line(instance, name, row, columns) for row in rows),
            empty="No record matches.",
        ),
        *_paging(here, query, offset=offset, is_full=len(rows) == PAGE),
        title=name,
    )


async def record(request: Request) -> Response:
    """GET /simulator/console/records/{table}/{sys_id}: every field of one record."""
    instance, name = world_of(request).instance, request.path_params["table"]
    known = instance.dictionary.knows(name)
    row = instance.row(name, request.path_params["sys_id"]) if known else None
    if row is None:
        return _missing(request, "There is no such record.")
    actual = row.get("sys_class_name") or name
    fields = instance.dictionary.fields_of(actual)
    seen = _seen(instance, actual, row["sys_id"], tuple(sorted(fields)))
    shown = {
        f"{fields[column].label} ({column})": _value(instance, fields[column], both)
        for column, both in seen.items()
        if both["value"] or both["display_value"]
    }
    display = seen[instance.dictionary.display_field(actual).name]["display_value"]
    return console_page(request, facts(shown), title=f"{actual}: {display or row['sys_id']}")


def _seen(instance: Instance, name: str, sys_id: str, fields: tuple[str, ...]) -> Both:
    """Fields of a record, with the value and what people see, as an admin may see them."""
    wanted = Wanted(table=name, fields=fields, display=Display.BOTH, links=False)
    found = instance.reader.one(wanted, sys_id, person=_ADMIN, host="") or {}
    return {column: both for column, both in found.items() if isinstance(both, dict)}


def _columns(instance: Instance, name: str) -> list[Field]:
    """The fields a list shows: what names a record, its own, inherited ones, its audit."""
    display = instance.dictionary.display_field(name)
    own = instance.dictionary.tables[name].fields
    stored = instance.dictionary.stored_fields(name)
    ordered = [display, *own, *stored]
    found = {one.name: one for one in ordered if one.is_stored and one.name != "sys_id"}
    telling = sorted(found.values(), key=lambda one: one.name.startswith("sys_"))
    return [one for one in telling if one.type not in _HIDDEN][:COLUMNS]


def _line(instance: Instance, name: str, row: Row, columns: list[Field]) -> list[Cell]:
    opened = link(f"/records/{quote(name, safe='')}/{quote(row['sys_id'], safe='')}", "Open")
    seen = _seen(instance, name, row["sys_id"], tuple(column.name for column in columns))
    texts = [seen[column.name]["display_value"] for column in columns if column.name in seen]
    return [opened, *(text if len(text) <= 60 else f"{text[:60]}…" for text in texts)]


def _value(instance: Instance, column: Field, both: dict[str, str]) -> Cell:
    value, display = both["value"], both["display_value"]
    if column.type in _HIDDEN:
        return display
    if column.storage is Storage.JOURNAL:
        return Html(f"<pre>{escape(display)}</pre>")
    if column.is_reference and instance.dictionary.knows(column.reference):
        return link(f"/records/{column.reference}/{quote(value, safe='')}", display or value)
    return code(value) if value == display else join([code(value), Html(escape(f" {display}"))])


def _paging(here: str, query: str, *, offset: int, is_full: bool) -> list[Html]:
    steps = [("Previous", offset - PAGE)] if offset else []
    steps += [("Next", offset + PAGE)] if is_full else []
    return [
        link(f"{here}?{urlencode({'query': query, 'offset': max(at, 0)})}", text)
        for text, at in steps
    ]


def _missing(request: Request, sentence: str) -> Response:
    return console_page(request, paragraph(sentence), title="Not found", status=404)
