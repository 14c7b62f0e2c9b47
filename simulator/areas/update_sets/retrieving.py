"""Update sets retrieved from another instance, and what a preview finds in them.

There is no other instance here: what is retrieved are complete sets of this one, as if it were its
own source.
"""

from collections.abc import Mapping

from simulator.areas.update_sets.payloads import UnreadablePayload, recorded
from simulator.areas.update_sets.progress import Outcome
from simulator.instance import Instance
from simulator.queries.parsing import literal

_RETRIEVED = "sys_remote_update_set"
_COPIED = (
    *("name", "type", "target_name", "table", "view", "payload", "payload_hash", "action"),
    *("category", "replace_on_upgrade", "comments", "update_guid", "update_guid_history"),
    *("update_domain", "application", "sys_recorded_at"),
)

Row = Mapping[str, str]


def retrieve(
    instance: Instance, update_set: str, *, source: str, clean_up: bool, preview_it: bool
) -> Outcome:
    """Retrieve a set by its sys_id from a source (a sys_id)."""
    there = instance.row("sys_update_set", update_set)
    if there is None or there["state"] != "complete":
        return Outcome(error=f"Update set {update_set} not found on the source instance")
    known = instance.query(_RETRIEVED, f"remote_sys_id={there['sys_id']}")
    if known and not clean_up:
        return Outcome(error=f"Update set {there['name']} has already been retrieved")
    for row in known:
        _remove(instance, row["sys_id"])
    made = _copy(instance, there, source)
    if preview_it:
        preview(instance, instance.row(_RETRIEVED, made) or {})
    return Outcome(
        message=f"Successfully retrieved update set: {there['name']}", table=_RETRIEVED, made=made
    )


def copied(update: Row) -> dict[str, str]:
    """What an update has in every set it is in."""
    return {name: update[name] for name in _COPIED}


def preview(instance: Instance, row: Row) -> Outcome:
    """Look for what would keep a retrieved set from being committed."""
    retrieved = row["sys_id"]
    for old in instance.query("sys_update_preview_problem", f"remote_update_set={retrieved}"):
        instance.delete("sys_update_preview_problem", old["sys_id"])
    found = 0
    for update in instance.query("sys_update_xml", f"remote_update_set={retrieved}"):
        for description in _problems(instance, row, update):
            found += 1
            values = {"type": "error", "description": description, "remote_update_set": retrieved}
            values |= {"remote_update": update["sys_id"]}
            values |= {"available_actions": "accept_remote_update,skip_remote_update"}
            instance.insert("sys_update_preview_problem", values)
    values = {"state": "previewed", "collisions": str(found)}
    instance.update(_RETRIEVED, retrieved, values)
    told = f"{found} problems found" if found else "No problems found"
    return Outcome(message=f"Preview complete. {told}", table=_RETRIEVED, made=retrieved)


def _copy(instance: Instance, there: Row, source: str) -> str:
    application = instance.row("sys_scope", there["application"]) or {}
    made = instance.insert(
        _RETRIEVED,
        {
            "name": there["name"],
            "description": there["description"],
            "release_date": there["release_date"],
            "application": there["application"],
            "application_name": application.get("name", ""),
            "application_scope": application.get("scope", ""),
            "application_version": application.get("version", ""),
            "remote_sys_id": there["sys_id"],
            "origin_sys_id": there["origin_sys_id"] or there["sys_id"],
            "update_source": source,
        },
    )
    for update in instance.query("sys_update_xml", f"update_set={there['sys_id']}"):
        instance.insert("sys_update_xml", copied(update) | {"remote_update_set": made})
    return made


def _remove(instance: Instance, retrieved: str) -> None:
    for table in ("sys_update_xml", "sys_update_preview_problem"):
        for row in instance.query(table, f"remote_update_set={retrieved}"):
            instance.delete(table, row["sys_id"])
    instance.delete(_RETRIEVED, retrieved)


def _problems(instance: Instance, retrieved: Row, update: Row) -> list[str]:
    try:
        tables = [one.table for one in recorded(update["payload"])]
    except UnreadablePayload:
        return ["The payload of the update cannot be read"]
    problems = [
        f"Table '{table}' does not exist"
        for table in tables
        if not instance.dictionary.knows(table)
    ]
    name = literal(update["name"])
    for local in instance.query("sys_update_xml", f"name={name}^update_setISNOTEMPTY"):
        is_its_own = local["update_set"] in (retrieved["remote_sys_id"], retrieved["update_set"])
        if not is_its_own and local["sys_recorded_at"] > update["sys_recorded_at"]:
            problems.append("Found a local update that is newer than this one")
    return problems
