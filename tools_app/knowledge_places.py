"""From the names of knowledge bases, categories and languages to the ones that are meant."""

from collections.abc import Sequence

from servicenow.query import Query
from servicenow.records import Record
from tools_app.choosing import choice
from tools_app.cleaning import clean_line
from tools_app.exceptions import AmbiguousMatch, ArgumentProblem, Candidate, InvalidArguments
from tools_app.record_texts import is_sys_id
from tools_app.spec import ToolCall
from tools_app.validation import shown

_MOST_LISTED = 30
# Of a language, and of the word `all`; the labels of languages are longer.
_LONGEST_CODE = 3


async def the_base(call: ToolCall, text: str) -> str:
    """The sys_id of the knowledge base that `text` names by title or sys_id.

    Raises `InvalidArguments` listing the titles that there are, and `AmbiguousMatch`.
    """
    fields = ("title", "description")
    found = await _named(call, "kb_knowledge_base", text, by="title", fields=fields)
    if len(found) > 1:
        candidates = [
            Candidate(one.sys_id, clean_line(one.display("title")), _detail(one, "description"))
            for one in found
        ]
        raise AmbiguousMatch("knowledge_base", shown(text), candidates=candidates)
    if not found:
        raise await _unknown(call, "knowledge_base", text)
    return found[0].sys_id


async def the_categories(call: ToolCall, text: str, *, base: str) -> list[str]:
    """The sys_ids of the categories of that name, in one base (a sys_id) or, if empty, in any.

    Several bases may have a category of one name; articles of all of them are meant then.
    Raises `InvalidArguments` listing the names that there are.
    """
    fields = ("label", "kb_knowledge_base")
    found = await _named(call, "kb_category", text, by="label", fields=fields)
    fitting = [one.sys_id for one in found if not base or _is_in(one, base)]
    if not fitting:
        raise await _unknown(call, "category", text, base=base)
    return fitting


async def language_code(call: ToolCall, text: str) -> str:
    """The code of a language given by code or label; `all` and the empty text stay.

    Raises `InvalidArguments` listing the labels that there are.
    """
    sought = text.strip()
    if len(sought) <= _LONGEST_CODE:
        return sought.lower()
    return await choice(call, "kb_knowledge", "language", sought)


def _is_in(category: Record, base: str) -> bool:
    return not category.has("kb_knowledge_base") or category.value("kb_knowledge_base") == base


async def _named(
    call: ToolCall, table: str, text: str, *, by: str, fields: Sequence[str]
) -> list[Record]:
    sought = text.strip()
    if not sought:
        return []
    query = Query().equals("sys_id" if is_sys_id(sought) else by, sought)
    page = await call.tables.list(table, query=query, fields=["sys_id", *fields], limit=100)
    return [
        one
        for one in page.records
        if sought.casefold() in {one.sys_id.casefold(), one.value(by).strip().casefold()}
    ]


async def _unknown(
    call: ToolCall, argument: str, sought: str, *, base: str = ""
) -> InvalidArguments:
    """What is wrong with `sought`, and the names that would have been right."""
    is_base = argument == "knowledge_base"
    table, by = ("kb_knowledge_base", "title") if is_base else ("kb_category", "label")
    query = Query().equals("active", value=True)
    query = query.equals("kb_knowledge_base", base) if base else query
    page = await call.tables.list_if_allowed(
        table, query=query.order_by(by), fields=["sys_id", by], limit=100
    )
    records = page.records if page else ()
    names = list(dict.fromkeys(clean_line(one.display(by), most=80) for one in records))
    named = ": " + ", ".join(names[:_MOST_LISTED]) if names else ""
    accepted = f"the exact {by} or sys_id of one that you may see{named}"
    return InvalidArguments(ArgumentProblem(argument, f"is {shown(sought)!r}", accepted))


def _detail(record: Record, field: str) -> str:
    return clean_line(record.display(field), most=80)
