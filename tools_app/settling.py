"""What became of a write whose reply was lost. Nothing here ever repeats a write.

An insert is found by its correlation id. An update never touches the correlation id, which other
integrations use; it counts as done only if the record says so in three ways at once.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TypeVar

from servicenow.exceptions import OutcomeUnknown
from servicenow.query import Query
from servicenow.records import Record
from servicenow.tables import Tables
from tools_app.applied import not_applied

T = TypeVar("T")


async def unless_it_fails(reading: Awaitable[T]) -> T | None:
    """What `reading` gives, or None if it fails in whatever way.

    It follows a write, and the write alone decides what the model is told. The person's tokens
    raise failures of their own here, which nothing in this package knows.
    """
    try:
        return await reading
    except Exception:  # noqa: BLE001  # see above: what failed was only a look at what is done
        return None


async def find_created(
    tables: Tables, table: str, *, correlation_id: str, fields: Sequence[str] = ("number",)
) -> Record | None:
    """The one record of `table` with this correlation id, or None; also for settling later.

    What is returned is proved by its own field, not by the query, which an instance may drop.
    Raises what reading raises.
    """
    page = await tables.list(
        table,
        query=Query().equals("correlation_id", correlation_id),
        fields=list(dict.fromkeys(["sys_id", "correlation_id", *fields])),
        limit=2,
    )
    found = [one for one in page.records if one.value("correlation_id") == correlation_id]
    return found[0] if len(found) == 1 else None


async def is_nowhere(tables: Tables, table: str, *, correlation_id: str) -> bool:
    """Whether the instance counts no record of `table` with this correlation id.

    It counts before its ACLs take rows away. Where it drops what this person may not write or ask
    for, that proves nothing: see `latest_marks`. Raises what reading raises.
    """
    same = Query().equals("correlation_id", correlation_id)
    page = await tables.list(table, query=same, fields=["sys_id"], limit=1)
    return not page.records and page.total == 0


async def latest_marks(
    tables: Tables, table: str, *, user_name: str, most: int = 20
) -> Sequence[str]:
    """The correlation ids of the latest records of `table` that this person made.

    Where ours are among them, the person may write correlation ids and ask for them. Raises what
    reading raises.
    """
    marked = Query().equals("sys_created_by", user_name).is_not_empty("correlation_id")
    page = await tables.list(
        table,
        query=marked.order_by("sys_created_on", descending=True),
        fields=["sys_created_by", "correlation_id"],
        limit=most,
    )
    return [
        one.value("correlation_id")
        for one in page.records
        if one.value("sys_created_by") == user_name
    ]


async def settle_create(
    tables: Tables, table: str, *, correlation_id: str | None, lost: OutcomeUnknown
) -> Record:
    """The record that the lost insert made. Raises `lost` if it cannot be found now.

    Not finding it proves nothing: the instance may still be at work on it.
    """
    if correlation_id is None:
        raise lost
    found = await unless_it_fails(find_created(tables, table, correlation_id=correlation_id))
    if found is None:
        raise lost
    return found


async def settle_update(
    tables: Tables, before: Record, *, sent: Mapping[str, str], by: str, lost: OutcomeUnknown
) -> Record:
    """The record after the lost update. Raises `lost` unless the record proves that it took.

    The proof: it was changed since `before` was read, by this person, and shows what was sent.
    """
    fields = ["sys_id", "sys_mod_count", "sys_updated_by", *sent]
    now = await unless_it_fails(tables.get(before.table, sys_id=before.sys_id, fields=fields))
    if now is None:
        raise lost
    is_changed = now.value("sys_mod_count") != before.value("sys_mod_count")
    is_proved = before.has("sys_mod_count") and is_changed and now.value("sys_updated_by") == by
    shows_all = all(now.has(name) for name in sent) and not not_applied(sent, now)
    if not (is_proved and shows_all):
        raise lost
    return now
