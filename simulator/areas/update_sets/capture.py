"""Changes to configuration records, captured in the update set of whoever makes them."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5
from uuid import uuid4

from simulator.areas.update_sets.current import GLOBAL, current_update_set
from simulator.areas.update_sets.payloads import DELETE, INSERT_OR_UPDATE, payload
from simulator.queries.parsing import literal
from simulator.records.rules import Change, Moment, Records

CAPTURED = (
    *("sys_metadata", "sys_db_object", "sys_dictionary", "sys_dictionary_override"),
    *("sys_documentation", "sys_choice", "sys_choice_set", "sys_number", "sys_properties"),
    *("sys_filter_option_dynamic", "sys_user_role", "sys_user_role_contains", "sc_catalog"),
    *("sc_category", "sc_cat_item", "item_option_new", "item_option_new_set", "io_set_item"),
    *("question_choice", "contract_sla", "cmn_schedule"),
)

_NAMED_BY = ("name", "label", "column_label", "sys_name", "title", "short_description", "value")

Row = Mapping[str, str]


def capture(change: Change, *, by_preference: bool) -> None:
    """Note a change in the current set of its person; what the system does is not noted.

    A set has one update for each record: the last one.
    """
    if change.person is None:
        return
    before = change.previous if change.operation is not Moment.INSERT else {}
    deleted = change.operation is Moment.DELETE
    now = before if deleted else change.values
    application = now.get("sys_scope") or GLOBAL
    update_set = current_update_set(
        change.records, change.person, application, by_preference=by_preference
    )
    update = _update(change.records, change.table, now, deleted=deleted)
    update |= {"application": application, "sys_recorded_at": change.at}
    if before and not change.records.query("sys_update_version", f"name={literal(update['name'])}"):
        base = _update(change.records, change.table, before, deleted=False)
        _add_version(change.records, base | {"application": application}, source="", author=None)
    _keep(change.records, update, update_set, author=change.person.sys_id)


def _update(records: Records, table: str, row: Row, *, deleted: bool) -> dict[str, str]:
    action = DELETE if deleted else INSERT_OR_UPDATE
    together: Sequence[Row] = _together(records, table, row) or [row]
    text = payload(table, together, action=action)
    return {
        "name": update_name(table, row),
        "type": _label(records, table),
        "target_name": _target(row),
        "table": table,
        "action": action,
        "payload": text,
        "payload_hash": md5(text.encode(), usedforsecurity=False).hexdigest(),
        "update_guid": uuid4().hex,
    }


def update_name(table: str, row: Row) -> str:
    """What an update of a record is called, on every instance the same."""
    if table == "sys_dictionary":
        return f"sys_dictionary_{row['name']}_{row['element'] or 'null'}"
    if table == "sys_choice":
        return f"sys_choice_{row['name']}_{row['element']}"
    return f"{table}_{row['sys_id']}"


def _together(records: Records, table: str, row: Row) -> list[dict[str, str]]:
    """The choices of a field travel together."""
    if table != "sys_choice" or "^" in row["name"] + row["element"]:
        return []
    return records.query("sys_choice", f"name={row['name']}^element={row['element']}")


def _label(records: Records, table: str) -> str:
    rows = records.query("sys_db_object", f"name={table}")
    return rows[0]["label"] if rows else table


def _target(row: Row) -> str:
    return next((row[name] for name in _NAMED_BY if row.get(name)), row["sys_id"])


def _keep(records: Records, update: dict[str, str], update_set: str, *, author: str) -> None:
    """The update takes the place of an earlier one of the same set."""
    known = records.query(
        "sys_update_xml", f"update_set={update_set}^name={literal(update['name'])}"
    )
    if known:
        history = f"{known[0]['update_guid_history']}{update['update_guid']},"
        values = update | {"update_guid_history": history}
        records.update("sys_update_xml", known[0]["sys_id"], values, as_user=author)
    else:
        values = update | {"update_set": update_set}
        values["update_guid_history"] = f"{update['update_guid']},"
        records.insert("sys_update_xml", values, as_user=author)
    _add_version(records, update, source=update_set, author=author)


def _add_version(
    records: Records, update: Mapping[str, str], *, source: str, author: str | None
) -> None:
    for row in records.query("sys_update_version", _current(update["name"])):
        records.update("sys_update_version", row["sys_id"], {"state": "previous"})
    copied = ("name", "type", "action", "payload", "update_guid", "application", "sys_recorded_at")
    values = {name: update[name] for name in copied if name in update}
    values |= {
        "record_name": update["target_name"],
        "source": source,
        "source_table": "sys_update_set" if source else "sys_upgrade_history",
    }
    records.insert("sys_update_version", values, as_user=author)


def add_versions(records: Records, updates: Iterable[Mapping[str, str]], *, source: str) -> None:
    """Note what a committed set makes of records."""
    for update in updates:
        _add_version(records, update, source=source, author=None)


def _current(name: str) -> str:
    return f"name={literal(name)}^state=current"
