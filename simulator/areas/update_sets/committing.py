"""Retrieved update sets committed to this instance, and backed out of it again."""

import sqlite3
from collections.abc import Mapping

from simulator.areas.update_sets.capture import add_versions
from simulator.areas.update_sets.payloads import DELETE, Recorded, UnreadablePayload, recorded
from simulator.areas.update_sets.progress import Outcome
from simulator.areas.update_sets.retrieving import copied
from simulator.errors import Refusal
from simulator.instance import Instance
from simulator.queries.parsing import literal

_RETRIEVED = "sys_remote_update_set"

Row = Mapping[str, str]


def hindrance(instance: Instance, retrieved: Row, *, force: bool) -> str:
    """Why a retrieved set cannot be committed now; empty: it can.

    `force` commits one that was not previewed; problems that a preview found have to be settled.
    """
    if retrieved["state"] not in ("previewed", "backedout") and not force:
        return f"Update set {retrieved['name']} has not been previewed"
    open_problems = f"remote_update_set={retrieved['sys_id']}^type=error^statusISEMPTY"
    if instance.count("sys_update_preview_problem", open_problems):
        return f"Update set {retrieved['name']} has unresolved preview problems"
    return ""


def commit(instance: Instance, retrieved: Row, *, by: str) -> Outcome:
    """Write what is in a retrieved set, all or nothing, and keep it as a complete local set."""
    try:
        with instance.store.transaction():
            made = _committed(instance, retrieved, by=by)
    except (Refusal, UnreadablePayload, LookupError, sqlite3.Error, ValueError) as reason:
        return Outcome(error=f"Update set {retrieved['name']} was not committed: {_words(reason)}")
    return Outcome(
        message=f"Successfully committed update set: {retrieved['name']}",
        table="sys_update_set",
        made=made,
    )


def back_out(instance: Instance, update_set: Row) -> Outcome:
    """Undo what a set did: records get their former version, new ones go; the set goes, too."""
    try:
        with instance.store.transaction():
            for update in instance.query("sys_update_xml", f"update_set={update_set['sys_id']}"):
                _undo(instance, update, update_set["sys_id"])
                instance.delete("sys_update_xml", update["sys_id"])
            for row in instance.query(_RETRIEVED, f"update_set={update_set['sys_id']}"):
                instance.update(_RETRIEVED, row["sys_id"], {"state": "backedout", "update_set": ""})
            instance.delete("sys_update_set", update_set["sys_id"])
    except (Refusal, UnreadablePayload, LookupError, sqlite3.Error, ValueError) as reason:
        return Outcome(error=f"Update set {update_set['name']} not backed out: {_words(reason)}")
    return Outcome(message=f"Successfully backed out update set: {update_set['name']}")


def _committed(instance: Instance, retrieved: Row, *, by: str) -> str:
    skipped = {
        row["remote_update"]
        for row in instance.query(
            "sys_update_preview_problem", f"remote_update_set={retrieved['sys_id']}^status=skipped"
        )
    }
    updates = [
        row
        for row in instance.query(
            "sys_update_xml", f"remote_update_set={retrieved['sys_id']}^ORDERBYsys_recorded_at"
        )
        if row["sys_id"] not in skipped
    ]
    done = {"inserted": 0, "updated": 0, "deleted": 0}
    for update in updates:
        for one in recorded(update["payload"]):
            done[_apply(instance, one)] += 1
    made = _local(instance, retrieved, updates, by=by)
    counts = {name: str(count) for name, count in done.items()}
    values = {"state": "committed", "commit_date": instance.now(), "update_set": made}
    instance.update(_RETRIEVED, retrieved["sys_id"], counts | values)
    return made


def _local(instance: Instance, retrieved: Row, updates: list[dict[str, str]], *, by: str) -> str:
    source = instance.row("sys_update_set_source", retrieved["update_source"]) or {}
    made = instance.insert(
        "sys_update_set",
        {
            "name": retrieved["name"],
            "description": retrieved["description"],
            "state": "complete",
            "application": retrieved["application"],
            "release_date": retrieved["release_date"],
            "completed_on": instance.now(),
            "completed_by": by,
            "install_date": instance.now(),
            "installed_from": source.get("name", ""),
            "origin_sys_id": retrieved["origin_sys_id"],
            "remote_sys_id": retrieved["sys_id"],
        },
        as_user=by,
    )
    for update in updates:
        instance.insert("sys_update_xml", copied(update) | {"update_set": made}, as_user=by)
    add_versions(instance, updates, source=made)
    return made


def _apply(instance: Instance, one: Recorded) -> str:
    """Write or delete one record, with its rules, as the system: nothing of it is captured."""
    instance.dictionary.fields_of(one.table)
    there = instance.row(one.table, one.sys_id)
    if one.action == DELETE:
        instance.delete(one.table, one.sys_id)
        return "deleted"
    if there is None:
        instance.insert(one.table, one.values, run_rules=True)
        return "inserted"
    instance.update(one.table, one.sys_id, one.values, run_rules=True)
    return "updated"


def _undo(instance: Instance, update: Row, update_set: str) -> None:
    name = literal(update["name"])
    versions = instance.query("sys_update_version", f"name={name}^ORDERBYDESCsys_recorded_at")
    for row in versions:
        if row["source"] == update_set:
            instance.delete("sys_update_version", row["sys_id"])
    former = [row for row in reversed(versions) if row["source"] != update_set]
    if former:
        newest = max(former, key=lambda row: row["sys_recorded_at"])
        instance.update("sys_update_version", newest["sys_id"], {"state": "current"})
        for one in recorded(newest["payload"]):
            _apply(instance, one)
        return
    for one in recorded(update["payload"]):
        if one.action != DELETE and instance.row(one.table, one.sys_id):
            instance.delete(one.table, one.sys_id)


def _words(reason: Exception) -> str:
    if isinstance(reason, Refusal):
        return reason.detail or reason.message
    return "its payload cannot be read" if isinstance(reason, UnreadablePayload) else str(reason)
