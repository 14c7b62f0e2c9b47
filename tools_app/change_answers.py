"""From records of changes to the answers of their tools."""

from collections.abc import Sequence
from typing import Final, TypeVar

from servicenow.query import Query
from servicenow.records import Record
from tools_app.approval_decisions import APPROVALS
from tools_app.change_results import (
    ChangeApproval,
    ChangeDetails,
    ChangeTask,
    ChangeWritten,
)
from tools_app.change_states import moved_on, ways_on
from tools_app.cleaning import clean_line
from tools_app.guarded_tables import Written
from tools_app.results import (
    ANSWER_LIMIT,
    NamedRecord,
    Result,
    fields_for,
    hidden,
    how_many_fit,
    named,
    read_into,
    size,
)
from tools_app.spec import ToolCall

_MOST_BESIDE: Final = 30
_MARGIN: Final = 1_500
R = TypeVar("R", bound=Result)


def change_url(call: ToolCall, record: Record) -> str:
    """The link that opens a change, or a task of one, in the browser."""
    return f"{call.caller.instance_url}/{record.table}.do?sys_id={record.sys_id}"


def written_change(
    call: ToolCall,
    written: Written,
    *,
    before: Record | None = None,
    approvals: Sequence[ChangeApproval] | None = None,
) -> ChangeWritten:
    """A change after a write. A state that went on by itself from the one sent did take."""
    record, missed = written.record, written.not_applied
    if before is not None and moved_on(before, record):
        missed = tuple(name for name in missed if name != "state")
    return read_into(
        ChangeWritten,
        record,
        sys_id=record.sys_id,
        url=change_url(call, record),
        approvals=None if approvals is None else list(approvals),
        ignored=written.ignored,
        not_applied=named(ChangeWritten, missed),
        hidden_fields=hidden(ChangeWritten, [record]),
    )


async def approvals_of(call: ToolCall, change: Record) -> list[ChangeApproval] | None:
    """Who was asked about `change`; None where the person may not read approvals."""
    rows = await _beside(call, APPROVALS, "sysapproval", change, fields_for(ChangeApproval))
    if rows is None:
        return None
    return [read_into(ChangeApproval, one, sys_id=one.sys_id) for one in rows]


async def details_of(call: ToolCall, change: Record) -> ChangeDetails:
    """A change with its tasks, approvals, affected items and next states, as far as they fit."""
    tasks = await _beside(call, "change_task", "change_request", change, fields_for(ChangeTask))
    items = await _beside(call, "task_ci", "task", change, ("ci_item",))
    ways = await ways_on(call, change)
    lists: dict[str, Sequence[Result] | None] = {
        "next_states": None if ways is None else [way.as_result() for way in ways],
        "approvals": await approvals_of(call, change),
        "tasks": None if tasks is None else [_task(one) for one in tasks],
        "affected_items": None if items is None else _items(items),
    }
    withheld = [name for name, rows in lists.items() if rows is None and name != "next_states"]
    alone = read_into(
        ChangeDetails,
        change,
        sys_id=change.sys_id,
        url=change_url(call, change),
        hidden_fields=(*hidden(ChangeDetails, [change]), *withheld),
    )
    shown, more = _fitting(lists, room=ANSWER_LIMIT - size(alone) - _MARGIN)
    return alone.model_copy(update={**shown, "more_of": more or None})


async def _beside(
    call: ToolCall, table: str, field: str, change: Record, fields: Sequence[str]
) -> list[Record] | None:
    """Rows of `table` that belong to `change`, one more than is shown; None if not readable."""
    query = Query().equals(field, change.sys_id).order_by("sys_created_on").order_by("sys_id")
    page = await call.tables.list_if_allowed(
        table, query=query, fields=(*fields, field), limit=_MOST_BESIDE + 1
    )
    if page is None:
        return None
    return [one for one in page.records if one.value(field) == change.sys_id]


def _task(record: Record) -> ChangeTask:
    return read_into(ChangeTask, record, sys_id=record.sys_id)


def _items(records: Sequence[Record]) -> list[NamedRecord]:
    pointers = (one.reference("ci_item") for one in records)
    return [NamedRecord(sys_id=one.sys_id, name=clean_line(one.name)) for one in pointers if one]


def _fitting(
    lists: dict[str, Sequence[R] | None], *, room: int
) -> tuple[dict[str, list[R]], list[str]]:
    """What of the lists fits into `room` characters, and the names of those that are longer."""
    shown: dict[str, list[R]] = {}
    more: list[str] = []
    for name, rows in lists.items():
        if rows is None:
            continue
        fitting = min(how_many_fit(rows, within=room), _MOST_BESIDE)
        shown[name] = list(rows[:fitting])
        room -= sum(size(one) + 1 for one in shown[name])
        if fitting < len(rows):
            more.append(name)
    return shown, more
