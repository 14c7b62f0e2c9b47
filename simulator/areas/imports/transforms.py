"""Transforming staged rows: each active map of the staging table makes or changes one record.

Rules and data policies of the target run as the person who imports; its ACLs are not asked, as on
the real thing, where being allowed to load the staging table decides.
"""

from dataclasses import dataclass

import orjson

from simulator.access.people import Person
from simulator.areas.imports.target_values import (
    RowRejected,
    TargetValues,
    matching,
    target_values,
)
from simulator.errors import Refusal
from simulator.instance import Instance, Row

UNCHANGED = "No field values changed"
NOT_IDENTIFIED = "All coalesce fields are empty"
REJECTED = "Row transform ignored: a value was rejected by its field map"
NO_MAP = "No transform map is defined for this staging table"


@dataclass(frozen=True, kw_only=True)
class Transformed:
    """What one map made of one row. `status` is inserted, updated, ignored or error."""

    transform_map: str
    table: str
    status: str
    sys_id: str = ""
    message: str = ""


def transform(instance: Instance, staged: Row, *, table: str, person: Person) -> list[Transformed]:
    """Apply every active map to a staged row, note on it what came of that, and say it."""
    maps = instance.query("sys_transform_map", f"source_table={table}^active=true^ORDERBYorder")
    outcomes = [_applied(instance, one, staged, person=person) for one in maps]
    if not outcomes:
        outcomes = [Transformed(transform_map="", table=table, status="error", message=NO_MAP)]
    last = outcomes[-1]
    instance.update(
        table,
        staged["sys_id"],
        {
            "sys_import_state": last.status,
            "sys_import_state_comment": last.message,
            "sys_transform_map": maps[-1]["sys_id"] if maps else "",
            "sys_target_table": last.table if last.sys_id else "",
            "sys_target_sys_id": last.sys_id,
            "template_import_log": orjson.dumps([vars(one) for one in outcomes]).decode(),
        },
        as_user=person.sys_id,
    )
    return outcomes


def outcomes_of(staged: Row) -> list[Transformed]:
    """What was noted on a staged row; nothing before it was transformed."""
    noted = staged.get("template_import_log", "")
    try:
        return [Transformed(**one) for one in orjson.loads(noted or "[]")]
    except (ValueError, TypeError):  # somebody has written something else there
        return []


def _applied(instance: Instance, one: Row, staged: Row, *, person: Person) -> Transformed:
    def outcome(status: str, *, sys_id: str = "", message: str = "") -> Transformed:
        return Transformed(
            transform_map=one["name"],
            table=one["target_table"],
            status=status,
            sys_id=sys_id,
            message=message,
        )

    if not instance.knows(one["target_table"]):
        return outcome("error", message=f"Invalid table {one['target_table']}")
    entries = instance.query("sys_transform_entry", f"map={one['sys_id']}")
    try:
        found = target_values(instance, entries, staged, transform_map=one, person=person.sys_id)
        return outcome(**_written(instance, one, found, person=person))
    except RowRejected:
        return outcome("ignored", message=REJECTED)
    except Refusal as refusal:
        return outcome("error", message=refusal.detail or refusal.message)


def _written(
    instance: Instance, one: Row, found: TargetValues, *, person: Person
) -> dict[str, str]:
    """Insert or update the target; its `status`, `sys_id` and `message`. Raises Refusal."""
    target, with_rules = one["target_table"], one["run_business_rules"] == "true"
    identified = {name: value for name, value in found.coalesced.items() if value}
    makes_new = one["create_new_record_on_empty_coalesce_fields"] == "true"
    if found.coalesced and not identified and not makes_new:
        return {"status": "ignored", "message": NOT_IDENTIFIED}
    known = matching(instance, target, identified) if identified else []
    if not known:
        sys_id = instance.insert(target, found.values, as_user=person.sys_id, run_rules=with_rules)
        return {"status": "inserted", "sys_id": sys_id}
    sys_id = known[0]["sys_id"]
    before = known[0]["sys_mod_count"]
    instance.update(target, sys_id, found.values, as_user=person.sys_id, run_rules=with_rules)
    after = instance.row(target, sys_id) or {}
    if after.get("sys_mod_count") == before:
        return {"status": "ignored", "sys_id": sys_id, "message": UNCHANGED}
    return {"status": "updated", "sys_id": sys_id}
