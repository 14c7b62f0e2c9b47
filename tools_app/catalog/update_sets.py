"""Update sets: which one takes the person's configuration changes, choosing and making one.

The current set is a row of the person's own in `sys_user_preference`. Nobody else's row is read
or written, and only sets in progress that are no default are chosen.
"""

from typing import Annotated

from pydantic import Field

from servicenow.exceptions import RecordNotFound
from servicenow.query import Query
from servicenow.records import Record
from tools_app.access import Access
from tools_app.arguments import Description, RecordName
from tools_app.cleaning import clean_line
from tools_app.exceptions import (
    AmbiguousMatch,
    ArgumentProblem,
    Candidate,
    InvalidArguments,
    StateForbids,
)
from tools_app.finding import Kind, one_of
from tools_app.results import fields_for, read_into
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall, Toolset
from tools_app.update_set_results import (
    BROWSER_WINS,
    CurrentUpdateSet,
    UpdateSet,
    UpdateSetChosen,
)
from tools_app.validation import shown

tools = Toolset("update_sets", title="Update sets")

_PREFERENCES, _NAME = "sys_user_preference", "sys_update_set"
_IN_PROGRESS, _GLOBAL = "in progress", "global"
_MOST_NAMED = 10
_KIND = Kind(
    table="sys_update_set",
    noun="update set",
    known_by=("name",),
    details=("state", "application"),
    found_with="Ask the person for the exact name, or make one with create_update_set.",
    can_end=False,
)

UpdateSetName = Annotated[RecordName, Field(description="Exact name or sys_id of the update set.")]
NewName = Annotated[str, Field(min_length=1, max_length=80, description="Name of the new set.")]
SetAsCurrent = Annotated[bool, Field(description="Also make it the person's current one.")]


@tools.tool(title="Get current update set", access=Access.READ)
async def get_current_update_set(call: ToolCall) -> CurrentUpdateSet:
    """Read which update set takes the signed-in person's configuration changes.

    Reads their own preference and changes nothing; needs the role admin or delegated_developer,
    as a rule. Returns name, state, application, and whether it still takes changes. Use
    change_update_set to choose.
    """
    row = await _own_preference(call)
    sys_id = row.value("value") if row else ""
    if not sys_id:
        note = "No update set is chosen: the default set of the application takes changes. "
        return CurrentUpdateSet(is_in_use=False, note=note + BROWSER_WINS)
    try:
        found = await call.tables.get("sys_update_set", sys_id=sys_id, fields=fields_for(UpdateSet))
    except RecordNotFound:
        note = "The set that was chosen is gone, or hidden: the default takes changes. "
        return CurrentUpdateSet(is_in_use=False, note=note + BROWSER_WINS)
    in_use = found.value("state") == _IN_PROGRESS
    note = "" if in_use else "It is not in progress any more: the default takes changes. "
    return CurrentUpdateSet(update_set=_shown(found), is_in_use=in_use, note=note + BROWSER_WINS)


@tools.tool(title="Change update set", access=Access.UPDATE)
async def change_update_set(call: ToolCall, *, update_set: UpdateSetName) -> UpdateSetChosen:
    """Make an update set the signed-in person's current one; nobody else's choice is touched.

    Writes their own preference. Only sets in progress can be chosen, and no default. Needs the
    role admin or delegated_developer, as a rule, else ServiceNow refuses or shows no set. Returns
    the set and whether it is current; an open browser session's own choice wins there. Use
    create_update_set for a new one.
    """
    found = await _in_progress(call, update_set)
    return await _choose(call, found)


@tools.tool(title="Create update set", access=Access.CREATE)
async def create_update_set(
    call: ToolCall,
    *,
    name: NewName,
    description: Description | None = None,
    set_as_current: SetAsCurrent = True,
) -> UpdateSetChosen:
    """Make a new update set in progress, in the application that the signed-in person works in.

    Needs the role admin or delegated_developer, as a rule, else ServiceNow refuses. Returns the
    set, a link and whether it is current; an open browser session's own choice wins there. Use
    change_update_set for one that exists.
    """
    if not name.strip():
        raise InvalidArguments(ArgumentProblem("name", "is blank", "a name"))
    values = {"name": name.strip()} | ({"description": description} if description else {})
    fields = fields_for(UpdateSet)
    written = await call.tables.create("sys_update_set", values, fields=fields)
    made = written.record
    if set_as_current:
        chosen = await unless_it_fails(_choose(call, made))
        if chosen:
            return chosen.model_copy(update={"not_applied": written.not_applied})
        note = "It was made, but could not be made the current one: use change_update_set. "
    else:
        note = ""
    return UpdateSetChosen(
        update_set=_shown(made),
        url=_url(call, made),
        is_current=False,
        not_applied=written.not_applied,
        note=note + BROWSER_WINS,
    )


async def _in_progress(call: ToolCall, text: str) -> Record:
    """The set that `text` means. Raises `StateForbids` for one that is closed, or a default."""
    try:
        found = await one_of(call, _KIND, text, argument="update_set")
    except InvalidArguments as unknown:
        raise InvalidArguments(*unknown.arguments, next_step=await _choices(call)) from None
    except AmbiguousMatch:
        return await _only_open_one(call, text.strip())
    record = await _read(call, found.sys_id)
    why_not = _why_not(record)
    if why_not:
        raise StateForbids(
            f"The update set {clean_line(record.display('name'), most=80)!r} {why_not}.",
            next_step=await _choices(call),
        )
    return record


async def _only_open_one(call: ToolCall, name: str) -> Record:
    """Of several sets with this name, the one that can be chosen. Raises unless it is one."""
    fitting = await _open_ones(call, Query().equals("name", name))
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        candidates = [
            Candidate(one.sys_id, clean_line(one.display("name"), most=80), _made(one))
            for one in fitting
        ]
        raise AmbiguousMatch("update_set", shown(name), candidates=candidates)
    raise StateForbids(
        f"No update set named {shown(name)!r} can be chosen: each is a default or not in progress.",
        next_step=await _choices(call),
    )


def _made(record: Record) -> str:
    parts = (record.display("application"), f"made {record.value('sys_created_on')}")
    return ", ".join(clean_line(part, most=80) for part in parts if part)


async def _choices(call: ToolCall) -> str:
    """What the person can choose instead: the newest sets in progress, by name."""
    found = await _open_ones(call, Query())
    names = dict.fromkeys(clean_line(one.display("name"), most=80) for one in found)
    named = f" Sets in progress: {', '.join(names)}." if names else ""
    return f"Choose one that is in progress, or make one with create_update_set.{named}"


async def _open_ones(call: ToolCall, query: Query) -> list[Record]:
    """The newest sets that can be chosen and fit `query`."""
    query = query.equals("state", _IN_PROGRESS).equals("is_default", "false")
    query = query.order_by("sys_created_on", descending=True)
    fields = fields_for(UpdateSet)
    page = await call.tables.list(_KIND.table, query=query, fields=fields, limit=_MOST_NAMED)
    return [one for one in page.records if not _why_not(one)]


async def _read(call: ToolCall, sys_id: str) -> Record:
    return await call.tables.get("sys_update_set", sys_id=sys_id, fields=fields_for(UpdateSet))


def _why_not(record: Record) -> str:
    """Why this set cannot be chosen; empty where it can. What is not shown counts against it."""
    if record.value("state") != _IN_PROGRESS:
        return "is not in progress"
    return "" if record.value("is_default") == "false" else "is a default set"


async def _own_preference(call: ToolCall) -> Record | None:
    """The person's row, proved to be theirs by its own fields."""
    query = Query().equals("user", call.caller.sys_id).equals("name", _NAME)
    page = await call.tables.list(
        _PREFERENCES,
        query=query.order_by("sys_updated_on", descending=True),
        fields=("user", "name", "value", "sys_mod_count"),
        limit=5,
    )
    me = call.caller.sys_id
    mine = (one for one in page.records if one.value("user") == me and one.value("name") == _NAME)
    return next(mine, None)


async def _choose(call: ToolCall, chosen: Record) -> UpdateSetChosen:
    row = await _own_preference(call)
    fields = ("user", "name", "value")
    if row is None:
        values = {"user": call.caller.sys_id, "name": _NAME, "value": chosen.sys_id}
        written = await call.tables.create(_PREFERENCES, values, fields=fields)
    else:
        written = await call.tables.update(row, {"value": chosen.sys_id}, fields=fields)
    return UpdateSetChosen(
        update_set=_shown(chosen),
        url=_url(call, chosen),
        is_current=written.record.value("value") == chosen.sys_id,
        not_applied=("update_set",) if written.not_applied else (),
        note=_of_application(chosen) + BROWSER_WINS,
    )


def _of_application(record: Record) -> str:
    name = clean_line(record.display("application"), most=80)
    in_scope = record.value("application") not in {"", _GLOBAL}
    return f"It takes only changes of the application {name}. " if in_scope and name else ""


def _shown(record: Record) -> UpdateSet:
    return read_into(UpdateSet, record, sys_id=record.sys_id)


def _url(call: ToolCall, record: Record) -> str:
    return f"{call.caller.instance_url}/sys_update_set.do?sys_id={record.sys_id}"
