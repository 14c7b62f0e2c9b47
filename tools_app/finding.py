"""From what people write to the one record that is meant: tasks, people, groups, items.

What is found is proved from the record that came back, never from the query: an instance may
drop a condition and return somebody else. A name that fitted exactly one record is remembered for
the connection it was asked through, for two minutes.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from servicenow.exceptions import RecordNotFound
from servicenow.query import Query
from servicenow.records import Record
from servicenow.tables import Listing
from tools_app.cleaning import clean_line
from tools_app.exceptions import (
    MOST_CANDIDATES,
    AmbiguousMatch,
    ArgumentProblem,
    Candidate,
    InvalidArguments,
)
from tools_app.record_texts import RecordText, is_sys_id, read_record_text
from tools_app.spec import ToolCall
from tools_app.validation import shown

_MOST_TOGETHER = 20
_IDENTIFYING = ("sys_id", "number", "sys_class_name", "sys_mod_count")


@dataclass(frozen=True)
class Kind:
    """A kind of record that arguments name: where it is kept, and by which fields it is known.

    `is_remembered` is for kinds of which only the sys_id and the name are used, never the state.
    """

    table: str
    noun: str
    known_by: tuple[str, ...]
    details: tuple[str, ...]
    found_with: str
    can_end: bool = True
    is_remembered: bool = False

    @property
    def fields(self) -> list[str]:
        """What has to be read to recognise one and to tell two apart."""
        active = ["active"] if self.can_end else []
        return list(dict.fromkeys(["sys_id", *self.known_by, *self.details, *active]))

    def named(self, text: str) -> Query:
        """The query for those with this name.

        An e-mail address is looked for only if `text` can be one: people who may not read
        addresses may not search by them either, and the whole query would be refused.
        """
        fields = [field for field in self.known_by if field != "email" or "@" in text]
        named = Query().any_of(*(Query().equals(field, text) for field in fields))
        return named.order_by(self.known_by[-1])

    def listing(self, text: str) -> Listing:
        """What to ask for to know which are meant by `text`, a name or sys_id."""
        query = Query().equals("sys_id", text.lower()) if is_sys_id(text) else self.named(text)
        return Listing(self.table, query, self.fields, MOST_CANDIDATES + 1)


PERSON = Kind(
    table="sys_user",
    noun="user",
    known_by=("user_name", "email", "name"),
    details=("user_name", "email", "title"),
    found_with="Use lookup_user to find the person, then call the tool again.",
    is_remembered=True,
)
GROUP = Kind(
    table="sys_user_group",
    noun="group",
    known_by=("name",),
    details=("description",),
    found_with="Use lookup_group to find the group, then call the tool again.",
    is_remembered=True,
)
CONFIGURATION_ITEM = Kind(
    table="cmdb_ci",
    noun="configuration item",
    known_by=("name",),
    details=("sys_class_name", "asset_tag", "location"),
    can_end=False,
    found_with="Ask the person for the exact name or for a link to the configuration item.",
    is_remembered=True,
)
# Arguments that are named as people speak: the field of a task behind them.
FIELD_OF = {"caller_is": "caller_id", "configuration_item": "cmdb_ci"}
# The kind of record that a field of a task points to.
KIND_OF = {
    "assigned_to": PERSON,
    "caller_id": PERSON,
    "assignment_group": GROUP,
    "cmdb_ci": CONFIGURATION_ITEM,
}
# How the base system numbers its tasks.
_TABLE_OF = {
    "INC": "incident",
    "PRB": "problem",
    "PTASK": "problem_task",
    "CHG": "change_request",
    "CTASK": "change_task",
    "REQ": "sc_request",
    "RITM": "sc_req_item",
    "SCTASK": "sc_task",
}
KINDS = {kind.table: kind for kind in (PERSON, GROUP, CONFIGURATION_ITEM)}
NUMBERED = frozenset({"task", *_TABLE_OF.values()})


async def incident(
    call: ToolCall, text: str, *, argument: str = "incident", fields: Sequence[str] = ()
) -> Record:
    """The incident that `text` means, with `fields`. Raises `RecordNotFound`."""
    return await numbered(call, "incident", text, argument=argument, fields=fields)


async def numbered(
    call: ToolCall, table: str, text: str, *, argument: str, fields: Sequence[str] = ()
) -> Record:
    """The record of `table` that `text` means by number, sys_id or link, with `fields`.

    Raises `RecordNotFound`, and `InvalidArguments` for a link to a record of another table or
    for a number that is not there and is one of another table in the base system.
    """
    meant = read_record_text(text, argument=argument, instance_url=call.caller.instance_url)
    wanted = f"a record of {table}"
    if meant.table not in {"", table, "task"}:
        problem = f"links to a record of {meant.table}"
        raise InvalidArguments(ArgumentProblem(argument, problem, wanted))
    try:
        return await _record(call, table, meant, fields=fields, argument=argument)
    except RecordNotFound:
        of_another = _TABLE_OF.get(_prefix(meant), table)
        if of_another == table:
            raise
        problem = f"is the number of a record of {of_another}"
        raise InvalidArguments(ArgumentProblem(argument, problem, wanted)) from None


async def task(call: ToolCall, text: str, *, argument: str = "record") -> Record:
    """Any task that `text` means, as a record of its own table. Raises `RecordNotFound`."""
    meant = read_record_text(text, argument=argument, instance_url=call.caller.instance_url)
    *first, last = _tables_of(meant)
    for table in first:
        with suppress(RecordNotFound):
            return await _in_its_table(call, table, meant, argument=argument)
    return await _in_its_table(call, last, meant, argument=argument)


async def pointed_to(call: ToolCall, table: str, text: str, *, argument: str) -> Record:
    """The task to which a field for records of `table` shall point, by number or link.

    Raises `InvalidArguments` naming the argument if there is none.
    """
    try:
        if table == "task":
            return await task(call, text, argument=argument)
        return await numbered(call, table, text, argument=argument)
    except RecordNotFound:
        raise InvalidArguments(
            ArgumentProblem(
                argument,
                f"is {shown(text)!r}, which no record that you may see has",
                f"number, sys_id or link of a record of {table}",
            )
        ) from None


def _tables_of(meant: RecordText) -> list[str]:
    """Where to look, in order. The record's own table comes first: its ACLs may show a record to
    a person, the caller of an incident say, to whom those of `task` do not.
    """
    own = meant.table if meant.table in _TABLE_OF.values() else _TABLE_OF.get(_prefix(meant))
    if own:
        return [own, "task"]
    return ["task"] if meant.number else ["task", "incident"]


def _prefix(meant: RecordText) -> str:
    return meant.number.rstrip("0123456789")


async def _in_its_table(call: ToolCall, table: str, meant: RecordText, *, argument: str) -> Record:
    found = await _record(call, table, meant, fields=(), argument=argument)
    return Record(found.value("sys_class_name") or table, found.sys_id, found.fields)


async def one_of(call: ToolCall, kind: Kind, text: str, *, argument: str) -> Record:
    """The one record of `kind` that `text` names: by sys_id, or exactly by a name it has.

    Raises `InvalidArguments` if none fits, `AmbiguousMatch` if several do.
    """
    sought = text.strip()
    fitting = await _fitting(call, kind, sought) if sought else []
    if not fitting:
        raise _none_fits(kind, sought, argument=argument)
    # The first field of a kind is its unique one: a user name beats somebody else's full name.
    unique = [one for one in fitting if _same(one.value(kind.known_by[0]), sought)]
    if len(fitting) == 1 or (kind.table == PERSON.table and len(unique) == 1):
        return (unique or fitting)[0]
    candidates = [_candidate(record, kind) for record in fitting]
    raise AmbiguousMatch(argument, shown(sought), candidates=candidates)


async def look_up(call: ToolCall, names: Iterable[tuple[Kind, str]]) -> None:
    """Ask what several names mean in one request, so that `one_of` knows it afterwards.

    Whatever is not clear after that, `one_of` asks for again and says what is wrong.
    """
    stripped = {(kind.table, text.strip().casefold()): (kind, text.strip()) for kind, text in names}
    unknown = {
        known_as: (kind, text)
        for known_as, (kind, text) in stripped.items()
        if text and kind.is_remembered and not call.names.knows(known_as)
    }
    if len(unknown) < 2:
        return
    together = list(unknown.items())[:_MOST_TOGETHER]
    pages = await call.tables.list_together([kind.listing(text) for _, (kind, text) in together])
    for (known_as, (kind, text)), page in zip(together, pages, strict=True):
        fitting = _named_so(page.records, kind, text) if page else ()
        if len(fitting) == 1:
            call.names.keep(known_as, fitting)


async def _fitting(call: ToolCall, kind: Kind, sought: str) -> Sequence[Record]:
    """The records of `kind` that `sought` names. Remembered is only what leaves no doubt."""
    if not kind.is_remembered:
        return await _asked_for(call, kind, sought)
    known_as = (kind.table, sought.casefold())
    fitting = await call.names.get(known_as, partial(_asked_for, call, kind, sought))
    if len(fitting) != 1:
        call.names.forget(known_as)
    return fitting


async def _asked_for(call: ToolCall, kind: Kind, sought: str) -> Sequence[Record]:
    if is_sys_id(sought):
        try:
            return (await call.tables.get(kind.table, sys_id=sought.lower(), fields=kind.fields),)
        except RecordNotFound:
            return ()
    asked = kind.listing(sought)
    page = await call.tables.list(
        asked.table, query=asked.query, fields=asked.fields, limit=asked.limit
    )
    return _named_so(page.records, kind, sought)


async def _record(
    call: ToolCall, table: str, meant: RecordText, *, fields: Sequence[str], argument: str
) -> Record:
    wanted = list(dict.fromkeys([*_IDENTIFYING, *fields]))
    if meant.sys_id:
        return await call.tables.get(table, sys_id=meant.sys_id, fields=wanted)
    numbered = Query().equals("number", meant.number)
    page = await call.tables.list(table, query=numbered, fields=wanted, limit=2)
    if not page.records:
        raise RecordNotFound(table, meant.number)
    if len(page.records) > 1:
        candidates = [
            Candidate(one.sys_id, meant.number, clean_line(one.display("sys_class_name")))
            for one in page.records
        ]
        raise AmbiguousMatch(argument, meant.number, candidates=candidates)
    return page.records[0]


def _named_so(records: Iterable[Record], kind: Kind, sought: str) -> Sequence[Record]:
    known_by = ("sys_id",) if is_sys_id(sought) else kind.known_by
    return tuple(
        record
        for record in records
        if any(_same(record.value(field), sought) for field in known_by)
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _none_fits(kind: Kind, sought: str, *, argument: str) -> InvalidArguments:
    names = " or ".join(kind.known_by).replace("_", " ")
    accepted = f"the sys_id or the exact {names} of an existing {kind.noun}"
    problem = f"is {shown(sought)!r}; no {kind.noun} that you may see has this name or sys_id"
    return InvalidArguments(ArgumentProblem(argument, problem, accepted), next_step=kind.found_with)


def _candidate(record: Record, kind: Kind) -> Candidate:
    shown_details = [clean_line(record.display(field), most=80) for field in kind.details]
    if record.value("active") == "false":
        shown_details.append("inactive")
    return Candidate(
        sys_id=record.sys_id,
        name=clean_line(record.display(kind.known_by[-1])),
        detail=", ".join(detail for detail in shown_details if detail),
    )
