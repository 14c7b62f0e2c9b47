"""What only resources and completions are read with: called, limited and recorded like tools."""

from collections.abc import Sequence

from servicenow.dictionary import Choice, FieldInfo
from servicenow.query import Query
from tools_app import arguments
from tools_app.access import Access
from tools_app.cleaning import clean_line
from tools_app.results import LINE_LIMIT, Result
from tools_app.spec import ToolCall, Toolset
from tools_app.suggesting import suggestions

readers = Toolset("universal", title="Search everything")

_MOST_CHOICES = 50


class FieldDescription(Result):
    """One field of a table."""

    name: str
    label: str
    type: str
    reference: str | None = None
    mandatory: bool | None = None
    read_only: bool | None = None
    max_length: int | None = None
    choices: tuple[str, ...] | None = None


class TableDescription(Result):
    """A table as the signed-in person may know it."""

    table: str
    fields: tuple[FieldDescription, ...]
    count: int


class Suggestions(Result):
    """What may be meant, the likeliest first."""

    values: tuple[str, ...]
    has_more: bool = False
    total: int | None = None


@readers.tool(title="Complete argument", access=Access.READ)
async def suggest(
    call: ToolCall, *, kind: arguments.SuggestedKind, text: arguments.FirstLetters = ""
) -> Suggestions:
    """Find what a person may mean by the first letters of an argument.

    Reads as the signed-in person; what they may not see is not suggested.
    """
    fitting = await suggestions(call, kind, text.strip())
    return Suggestions(values=fitting.values, has_more=fitting.has_more, total=fitting.total)


@readers.tool(title="Describe table", access=Access.READ)
async def describe_table(call: ToolCall, *, table: arguments.TableName) -> TableDescription:
    """Read the fields of a table: names, labels, types, choices and what references point to.

    Reads as the signed-in person; what the dictionary withholds from them is left out. Raises
    `InvalidTable` for a table that the instance does not have.
    """
    fields = await call.tables.fields_of(table)
    if all(name.startswith("sys_") for name in fields):
        # The platform's own fields are known of any name: only the instance knows its tables.
        await call.tables.list(table, query=Query(), fields=["sys_id"], limit=1)
    choices = await call.tables.all_choices(table)
    described = [_described(info, choices.get(name, ())) for name, info in sorted(fields.items())]
    return TableDescription(table=table, fields=tuple(described), count=len(described))


def _described(info: FieldInfo, choices: Sequence[Choice]) -> FieldDescription:
    labels = tuple(clean_line(one.label, most=LINE_LIMIT) for one in choices[:_MOST_CHOICES])
    return FieldDescription(
        name=info.name,
        label=clean_line(info.label, most=LINE_LIMIT),
        type=info.type,
        reference=info.reference or None,
        mandatory=info.mandatory or None,
        read_only=info.read_only or None,
        max_length=info.max_length,
        choices=labels or None,
    )
