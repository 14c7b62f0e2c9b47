"""What may be meant by the first letters of an argument: what the person can then fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from servicenow.query import Query
from servicenow.records import Record
from tools_app.cleaning import clean_line
from tools_app.spec import ToolCall

MOST: Final = 20
_MOST_CHARACTERS: Final = 100


@dataclass(frozen=True)
class Suggested:
    """A kind of thing to fill in: where it is, what is filled in, and by what else it is found."""

    table: str
    value: str
    found_by: tuple[str, ...]
    recent_first: bool = False

    def query(self, text: str) -> Query:
        """Those whose value begins with `text`, or that have it in what they are found by."""
        order = Query().order_by("sys_updated_on", descending=True)
        query = order if self.recent_first else Query().order_by(self.value)
        if not text:
            return query
        begins = Query().starts_with(self.value, text)
        contains = [Query().contains(field, text) for field in self.found_by]
        return Query().any_of(begins, *contains).also(query)


KINDS: Final[Mapping[str, Suggested]] = MappingProxyType(
    {
        "incident": Suggested("incident", "number", ("short_description",), recent_first=True),
        "change_request": Suggested(
            "change_request", "number", ("short_description",), recent_first=True
        ),
        "kb_knowledge": Suggested(
            "kb_knowledge", "number", ("short_description",), recent_first=True
        ),
        "catalog": Suggested("sc_cat_item", "name", ("name", "short_description")),
        "group": Suggested("sys_user_group", "name", ("name",)),
        "table": Suggested("sys_db_object", "name", ("label",)),
    }
)
APPROVAL: Final = "approval"


async def suggestions(call: ToolCall, kind: str, text: str) -> list[str]:
    """At most twenty values of a kind that fit `text`, as this person may see them."""
    if kind == APPROVAL:
        return await _waiting_approvals(call, text)
    suggested = KINDS[kind]
    page = await call.tables.list_if_allowed(
        suggested.table, query=suggested.query(text), fields=[suggested.value], limit=MOST
    )
    return _values(page.records if page else (), suggested.value)


async def _waiting_approvals(call: ToolCall, text: str) -> list[str]:
    """What waits for this person's own decision, by its number."""
    waiting = Query().equals("approver", call.caller.sys_id).equals("state", "requested")
    page = await call.tables.list_if_allowed(
        "sysapproval_approver",
        query=waiting.order_by("sys_updated_on", descending=True),
        fields=["sysapproval", "approver", "state"],
        limit=MOST,
    )
    numbers = _values(page.records if page else (), "sysapproval")
    return [number for number in numbers if text.casefold() in number.casefold()]


def _values(records: tuple[Record, ...], field: str) -> list[str]:
    shown = (clean_line(record.display(field), most=_MOST_CHARACTERS) for record in records)
    return list(dict.fromkeys(value for value in shown if value))
