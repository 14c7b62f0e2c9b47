"""What only resources and completions are read with: called, limited and recorded like tools."""

from servicenow.query import Query
from tools_app import arguments
from tools_app.access import Access
from tools_app.results import Result
from tools_app.spec import ToolCall, Toolset
from tools_app.suggesting import suggestions
from tools_app.table_descriptions import TableDescription, described_table

readers = Toolset("universal", title="Search everything")


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

    Reads as the signed-in person; what the dictionary withholds from them is left out. What one
    answer does not hold is counted or named. Raises `InvalidTable` for a table that the instance
    does not have.
    """
    fields = await call.tables.fields_of(table)
    if all(name.startswith("sys_") for name in fields):
        # The platform's own fields are known of any name: only the instance knows its tables.
        await call.tables.list(table, query=Query(), fields=["sys_id"], limit=1)
    choices = await call.tables.all_choices(table)
    return described_table(
        table, [(info, choices.get(name, ())) for name, info in sorted(fields.items())]
    )
