"""`sys_audit` and `sys_audit_delete`: what changed on records of audited tables, and who did it."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable, Mapping
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.records.rules import Change

_SYSTEM = "system"


class Auditor:
    """Writes the audit of one instance, in the transaction of the write itself."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store = store
        self._dictionary = dictionary

    def changed(self, change: Change, fields: Iterable[str], *, checkpoint: int) -> None:
        """Note what became of `fields`, and journal entries; `checkpoint` counts the updates."""
        if not self._dictionary.is_audited(change.table):
            return
        entries = [(name, "", text) for name, text in change.entries.items()]
        values = [
            (name, change.before(name), change.get(name))
            for name in fields
            if not name.startswith("sys_")
        ]
        self._write(
            "sys_audit",
            [
                {
                    **self._about(change),
                    "fieldname": name,
                    "oldvalue": before,
                    "newvalue": after,
                    "record_checkpoint": checkpoint,
                }
                for name, before, after in (*values, *entries)
            ],
        )

    def deleted(self, change: Change) -> None:
        """Note that a record is gone, and how it was."""
        if not self._dictionary.is_audited(change.table):
            return
        display = self._dictionary.display_field(change.table).name
        row = {
            **self._about(change),
            "display_value": change.before(display),
            "payload": _payload(change.table, change.previous),
            "undelete_available": "true",
        }
        self._write("sys_audit_delete", [row])

    def _about(self, change: Change) -> dict[str, Cell]:
        author = change.person.user_name if change.person else _SYSTEM
        return {
            "sys_id": uuid4().hex,
            "tablename": change.table,
            "documentkey": change.sys_id,
            "user": author,
            "sys_created_on": change.at,
            "sys_created_by": author,
        }

    def _write(self, table: str, rows: list[dict[str, Cell]]) -> None:
        if not rows:
            return
        columns = ", ".join(f'"{name}"' for name in rows[0])
        places = ", ".join("?" for _ in rows[0])
        self._store.write_many(
            f'INSERT INTO "{table}" ({columns}) VALUES ({places})',
            [tuple(row.values()) for row in rows],
        )


def _payload(table: str, row: Mapping[str, str]) -> str:
    fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in sorted(row.items()))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><record_update table={quoteattr(table)}>'
        f'<{table} action="DELETE">{fields}</{table}></record_update>'
    )
