"""What may be meant by the first letters of an argument: what the person can then fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from servicenow.base_fields import BASE_TABLES
from servicenow.deadlines import shared_deadline
from servicenow.query import Query
from servicenow.records import Page
from tools_app.cleaning import clean_line
from tools_app.spec import ToolCall

MOST: Final = 20
# People type on: what comes later than this is of no use to them.
PATIENCE_SECONDS: Final = 3.0
_MOST_CHARACTERS: Final = 100
_LONGEST_TEXT: Final = 160


@dataclass(frozen=True)
class Suggested:
    """A kind of thing to fill in: where it is, what is filled in, and by what else it is found."""

    table: str
    value: str
    found_by: tuple[str, ...]
    recent_first: bool = False
    may_end: bool = False

    @property
    def is_number(self) -> bool:
        """Whether a number is filled in."""
        return self.value == "number"

    @property
    def is_unique(self) -> bool:
        """Whether no two records share a value, as the versions of an article do their number."""
        return self.is_number and self.table != "kb_knowledge"

    @property
    def fields(self) -> list[str]:
        """What has to be read."""
        return [self.value, *(["active"] if self.may_end else [])]

    def query(self, text: str) -> Query:
        """Those whose value begins with `text`, or that have it in what they are found by."""
        order = Query().order_by("sys_updated_on", descending=True)
        query = order if self.recent_first else Query().order_by(self.value)
        if self.may_end:
            query = Query().equals("active", value=True).also(query)
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
        "catalog": Suggested("sc_cat_item", "name", ("name", "short_description"), may_end=True),
        # What free text may begin from: the words that others chose for the same thing.
        "change_summary": Suggested(
            "change_request", "short_description", ("number",), recent_first=True
        ),
        "article_topic": Suggested("incident", "short_description", ("number",), recent_first=True),
        "group": Suggested("sys_user_group", "name", ("name",), may_end=True),
        "table": Suggested("sys_db_object", "name", ("label",)),
    }
)
APPROVAL: Final = "approval"
# Their numbers are looked through here: as many as a person has waiting, in all likelihood.
_MOST_WAITING: Final = 100


@dataclass(frozen=True)
class Fitting:
    """Values that fit, at most twenty; whether there are more, and how many in all if known."""

    values: tuple[str, ...] = ()
    has_more: bool = False
    total: int | None = None


async def suggestions(
    call: ToolCall, kind: str, text: str, *, patience_seconds: float = PATIENCE_SECONDS
) -> Fitting:
    """What of a kind fits `text`, as this person may see it.

    Raises `DeadlinePassed` where ServiceNow takes longer than `patience_seconds`.
    """
    with shared_deadline(seconds=patience_seconds):
        if kind == APPROVAL:
            return await _waiting_approvals(call, text)
        suggested = KINDS[kind]
        page = await call.tables.list_if_allowed(
            suggested.table, query=suggested.query(text), fields=suggested.fields, limit=MOST
        )
    if kind == "table" and not (page and page.records):
        return _base_tables(text)
    return _fitting(page, suggested) if page else Fitting()


def _base_tables(text: str) -> Fitting:
    """Tables of the base system: most people may not read which others an instance has."""
    sought = text.casefold()
    names = sorted(name for name in BASE_TABLES if sought in name)
    names.sort(key=lambda name: not name.startswith(sought))
    return Fitting(tuple(names[:MOST]), has_more=len(names) > MOST)


def _fitting(page: Page, suggested: Suggested) -> Fitting:
    values = _values(page, suggested.value)
    if page.next_offset is None:
        return Fitting(values, total=len(values))
    # The total also counts rows that access control hides, and names that several records share.
    is_exact = suggested.is_unique and page.removed_rows == 0
    return Fitting(values, has_more=True, total=page.total if is_exact else None)


async def _waiting_approvals(call: ToolCall, text: str) -> Fitting:
    """What waits for this person's own decision, by its number."""
    waiting = Query().equals("approver", call.caller.sys_id).equals("state", "requested")
    page = await call.tables.list_if_allowed(
        "sysapproval_approver",
        query=waiting.order_by("sys_updated_on", descending=True),
        fields=["sysapproval", "approver", "state"],
        limit=_MOST_WAITING,
    )
    numbers = _values(page, "sysapproval") if page else ()
    fitting = tuple(number for number in numbers if text.casefold() in number.casefold())
    is_all = page is None or page.next_offset is None
    total = len(fitting) if is_all else None
    return Fitting(fitting[:MOST], has_more=not is_all or len(fitting) > MOST, total=total)


def _values(page: Page, field: str) -> tuple[str, ...]:
    most = _LONGEST_TEXT if field == "short_description" else _MOST_CHARACTERS
    shown = (clean_line(record.display(field), most=most) for record in page.records)
    return tuple(dict.fromkeys(value for value in shown if value))
