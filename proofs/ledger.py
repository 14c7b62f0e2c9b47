"""The audit log as a proof reads it, and what arrived at ServiceNow held against it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import httpx

from proofs.site import Site

_QUESTION: Final = """
    SELECT c.reference_id, c.user_name, c.access, c.record_sought, c.opened_at,
           coalesce(array_agg(o.outcome ORDER BY o.id) FILTER (WHERE o.id IS NOT NULL), '{}'),
           coalesce(array_agg(o.recorded_at ORDER BY o.id) FILTER (WHERE o.id IS NOT NULL), '{}')
      FROM audit_app_toolcall c LEFT JOIN audit_app_toolcalloutcome o ON o.call_id = c.id
     GROUP BY c.id"""
_LOOKED_FOR: Final = re.compile(r"correlation_id%3D([0-9a-f]{32})")
_SOUGHT: Final = re.compile(r"INC\d{8}")
_SILENT_FOR: Final = timedelta(seconds=60)  # after which a call without an outcome is in doubt
_AT_ONCE: Final = 2_000


@dataclass(frozen=True)
class Call:
    """One call: its intent, and its outcomes in their order."""

    reference: str
    user_name: str
    access: str
    sought: str
    opened_at: datetime
    outcomes: list[str]
    recorded_at: list[datetime]

    @property
    def creates(self) -> bool:
        """Whether it was to create a record."""
        return self.access == "create"

    @property
    def is_open(self) -> bool:
        """Whether nobody knows how it ended."""
        return not self.outcomes or self.outcomes[-1] == "in_doubt"

    @property
    def succeeded(self) -> bool:
        """Whether it is on record as done."""
        return bool(self.outcomes) and self.outcomes[-1] == "succeeded"

    @property
    def was_in_doubt(self) -> bool:
        """Whether there was a time in which nobody knew."""
        return not self.outcomes or "in_doubt" in self.outcomes

    @property
    def seconds_in_doubt(self) -> float:
        """From the moment it was in doubt to its last outcome."""
        since = min(self.recorded_at[0], self.opened_at + _SILENT_FOR)
        return (self.recorded_at[-1] - since).total_seconds()

    def was_open_at(self, moment: datetime) -> bool:
        """Whether it had begun and had not ended."""
        return self.opened_at <= moment and (not self.recorded_at or moment <= self.recorded_at[0])


@dataclass(frozen=True)
class Ledger:
    """All calls on record."""

    calls: list[Call]

    @cached_property
    def references(self) -> set[str]:
        """The reference of each."""
        return {call.reference for call in self.calls}

    @cached_property
    def sought(self) -> set[str]:
        """The records that were asked for."""
        return {call.sought for call in self.calls}

    def sent(self, entries: Iterable[dict[str, Any]]) -> set[str]:
        """The references that requests carried."""
        return {reference for each in entries if (reference := reference_in(each))}

    def has_open_call(self, user_name: str, at: datetime) -> bool:
        """Whether this person had a call under way."""
        return any(call.was_open_at(at) for call in self._of_person.get(user_name, []))

    @cached_property
    def _of_person(self) -> dict[str, list[Call]]:
        people: dict[str, list[Call]] = {}
        for call in self.calls:
            people.setdefault(call.user_name, []).append(call)
        return people


def read_ledger(site: Site) -> Ledger:
    """Read all of it."""
    return Ledger([Call(*row) for row in site.rows(_QUESTION)])


def unrecorded(journal: Iterable[dict[str, Any]], ledger: Ledger) -> list[str]:
    """The requests at ServiceNow, in words, behind which no call is on record.

    One that carries the mark of its call must find that very call; every one must have come while
    a call of that person was on record and had not ended.
    """
    return [
        f"{entry['method']} {entry['path']}?{entry['query_string']} as {entry['acting_user']}"
        for entry in journal
        if not _is_recorded(entry, ledger)
    ]


def reference_in(entry: dict[str, Any]) -> str:
    """The reference that a request carries as its correlation id."""
    try:
        return str(json.loads(entry["body"]).get("correlation_id", ""))
    except ValueError:
        return ""


def made_at_servicenow(site: Site) -> list[str]:
    """The correlation ids of all incidents that calls have made."""
    found: list[str] = []
    while True:
        answer = httpx.get(
            f"{site.demo.instance_address}/api/now/table/incident",
            params={
                "sysparm_query": "correlation_idISNOTEMPTY^short_descriptionSTARTSWITHproof"
                "^ORDERBYnumber",
                "sysparm_fields": "correlation_id",
                "sysparm_limit": _AT_ONCE,
                "sysparm_offset": len(found),
            },
            auth=("admin", "demo"),
            timeout=60,
        )
        page = answer.raise_for_status().json()["result"]
        found += [row["correlation_id"] for row in page]
        if len(page) < _AT_ONCE:
            return found


def _is_recorded(entry: dict[str, Any], ledger: Ledger) -> bool:
    reference = reference_in(entry)
    if entry["method"] == "POST" and reference not in ledger.references:
        return False
    looked_for = _LOOKED_FOR.search(entry["query_string"])
    if looked_for:  # what became of a call in doubt, which is over by then
        return looked_for.group(1) in ledger.references
    sought = _SOUGHT.search(entry["query_string"])
    if sought and sought.group() not in ledger.sought:
        return False
    return ledger.has_open_call(entry["acting_user"] or "", datetime.fromisoformat(entry["at"]))
