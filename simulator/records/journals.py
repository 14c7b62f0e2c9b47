"""Journal fields: their entries are rows of `sys_journal_field`, never a column of the record."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable, Mapping, Sequence
from uuid import uuid4

import orjson

from simulator.access.people import Person
from simulator.data.store import Store

# A journal list shows the entries of these journal inputs together.
LISTS: Mapping[str, tuple[str, ...]] = {"comments_and_work_notes": ("comments", "work_notes")}
INPUTS = ("comments", "work_notes", "approval_history")

_LABELS = {
    "comments": "Additional comments",
    "work_notes": "Work notes",
    "approval_history": "Approval history",
}

Threads = dict[tuple[str, str], str]


def add_entry(
    store: Store, *, table: str, sys_id: str, element: str, text: str, author: str, moment: str
) -> None:
    """Write one entry on a record, by a user name, at a stored moment."""
    store.write(
        'INSERT INTO "sys_journal_field" ("sys_id", "element_id", "element", "name", "value",'
        ' "sys_created_on", "sys_created_by") VALUES (?, ?, ?, ?, ?, ?, ?)',
        (uuid4().hex, sys_id, element, table, text, moment, author),
    )


def threads(
    store: Store,
    sys_ids: Sequence[str],
    *,
    tables: Sequence[str],
    elements: Iterable[str],
    person: Person,
) -> Threads:
    """The display value of journal fields: (record, field) to its entries, newest first.

    `tables` are those that the records may be of: others may have records with the same sys_ids.

    An entry reads `2026-01-31 12:00:00 - Beth Anglin (Work notes)`, its text, an empty line; the
    time is the reading person's.
    """
    places = ", ".join("?" for _ in sys_ids)
    names = ", ".join(f"'{name}'" for name in elements)
    rows = store.rows(
        'SELECT j."element_id", j."element", j."sys_created_on", j."value",'
        ' coalesce((SELECT u."name" FROM "sys_user" u WHERE u."user_name" = j."sys_created_by"),'
        f' j."sys_created_by") FROM "sys_journal_field" j WHERE j."element_id" IN ({places})'
        f' AND j."element" IN ({names}) AND j."name" IN (SELECT value FROM json_each(?))'
        ' ORDER BY j."sys_created_on" DESC, j.rowid DESC',
        (*sys_ids, orjson.dumps(tables).decode()),
    )
    found: Threads = {}
    for sys_id, element, moment, text, author in rows:
        entry = f"{person.shown(moment)} - {author} ({_LABELS[element]})\n{text}\n\n"
        for name in (element, *(one for one, inputs in LISTS.items() if element in inputs)):
            found[sys_id, name] = found.get((sys_id, name), "") + entry
    return found
