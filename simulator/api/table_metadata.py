"""`GET /api/now/ui/meta/{table}`: what forms and lists know of a table's columns.

It is not documented; of each column the part that clients read is theirs, the rest is recalled.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import Operation
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.errors import InvalidTable, QueryRefused
from simulator.instance import Instance
from simulator.schema import Field, Storage

_NONE = {"label": "-- None --", "value": ""}


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {"/api/now{version}/ui/meta/{table}": {"GET": _metadata}})


async def _metadata(instance: Instance, request: Request, person: Person) -> Response:
    table = request.path_params["table"]
    if not instance.knows(table):
        raise InvalidTable(table, explained=instance.switches.invalid_table_detail)
    if instance.access.row(person, table, Operation.READ).never:
        raise QueryRefused
    columns = {
        field.name: _column(instance, table, field, person=person)
        for field in instance.dictionary.fields_of(table).values()
        if not instance.access.field(person, table, Operation.READ, field=field.name).never
    }
    return answer({"result": {"columns": columns}})


def _column(instance: Instance, table: str, field: Field, *, person: Person) -> dict[str, object]:
    writable = instance.access.field(person, table, Operation.WRITE, field=field.name)
    is_stored = field.storage is not Storage.JOURNAL
    column: dict[str, object] = {
        "name": field.name,
        "label": field.label,
        "hint": "",
        "type": "choice" if field.choices and field.type == "string" else field.type,
        "internal_type": field.type,
        "mandatory": field.mandatory,
        "read_only": field.read_only or writable.never,
        "max_length": field.length,
        "default": field.default,
        "sortable": is_stored,
        "filterable": is_stored,
        "groupable": is_stored,
    }
    if field.reference:
        column["reference"] = field.reference
        column["reference_display_field"] = _display_field(instance, field.reference)
    if field.choices:
        column["choices"] = _choices(instance, table, field)
    return column


def _display_field(instance: Instance, table: str) -> str:
    return instance.dictionary.display_field(table).name if instance.knows(table) else ""


def _choices(instance: Instance, table: str, field: Field) -> list[dict[str, object]]:
    labels = instance.choices.labels(table, field.name)
    numbered = [
        {"label": label, "value": value, "sequence": sequence}
        for sequence, (value, label) in enumerate(labels.items(), start=1)
    ]
    first: list[dict[str, object]] = [] if field.mandatory else [dict(_NONE)]
    return [*first, *numbered]
