"""Business rules of assets: what is told of an asset is told of its configuration item, too.

States are mapped as the base system does: an asset in use is an installed item, one in stock an
item in stock. Neither side tells the other again what it has just been told.
"""

from collections.abc import Mapping, Sequence

from simulator.records.rules import ON_UPDATE, BusinessRule, Change, Records, rule
from simulator.switches import Switches

# State of the asset and substate to status of the item; without a substate every other one.
_STATUS = {
    ("1", ""): "1",
    ("2", ""): "2",
    ("3", ""): "3",
    ("6", ""): "6",
    ("6", "pending_install"): "4",
    ("6", "pending_repair"): "5",
    ("7", ""): "7",
    ("8", ""): "100",
    ("8", "stolen"): "8",
    ("9", ""): "6",
}
_STATE = {status: state for state, status in _STATUS.items() if state != ("9", "")}

_SHARED = (
    *("asset_tag", "serial_number", "assigned_to", "managed_by", "owned_by", "supported_by"),
    *("support_group", "company", "vendor", "department", "location", "cost_center"),
    *("warranty_expiration", "purchase_date", "po_number", "invoice_number"),
)

_NO_SUBSTATE = frozenset({"1", "2", "3"})


def rules(_: Switches) -> Sequence[BusinessRule]:
    """In the order they run."""
    return (
        rule("Asset: Set display name", "alm_asset", _name, order=50),
        rule("Asset: Clear substate", "alm_asset", _clear_substate, order=60),
        rule("Asset: Set retired date", "alm_asset", _retire, order=70),
        rule("Asset: Sync to CI", "alm_asset", _tell_item, order=200, after=True),
        rule("CI: Sync to asset", "cmdb_ci", _tell_asset, order=200, on=ON_UPDATE, after=True),
        rule("Contract: Set active", "ast_contract", _follow_state, order=50),
    )


def _name(change: Change) -> None:
    model = change.records.row("cmdb_model", change.get("model"))
    parts = (change.get("asset_tag"), model["display_name"] if model else "")
    change.set("display_name", " - ".join(part for part in parts if part))


def _clear_substate(change: Change) -> None:
    """What is in use, on order or in maintenance has no substate."""
    if change.get("install_status") in _NO_SUBSTATE:
        change.set("substatus", "")


def _retire(change: Change) -> None:
    if change.changes_to("install_status", "7") and not change.get("retired"):
        change.set("retired", change.at[:10])


def _tell_item(change: Change) -> None:
    item = change.records.row("cmdb_ci", change.get("ci"))
    if item is None or change.get("skip_sync") == "true":
        return
    values = {name: change.get(name) for name in _SHARED}
    values["asset"] = change.sys_id
    state = (change.get("install_status"), change.get("substatus"))
    status = _STATUS.get(state) or _STATUS.get((state[0], ""))
    if status and status != item["install_status"]:
        values["install_status"] = status
    _write(change.records, "cmdb_ci", item, values)


def _tell_asset(change: Change) -> None:
    asset = change.records.row("alm_asset", change.get("asset"))
    if asset is None or change.get("skip_sync") == "true":
        return
    values = {name: change.get(name) for name in _SHARED}
    if change.changes("install_status"):
        state = _STATE.get(change.get("install_status"))
        if state:
            values["install_status"], values["substatus"] = state
    _write(change.records, "alm_asset", asset, values)


def _write(records: Records, table: str, row: Mapping[str, str], values: Mapping[str, str]) -> None:
    """Without rules: what was told to one side does not come back from it."""
    changed = {name: value for name, value in values.items() if row.get(name, value) != value}
    if changed:
        records.update(table, row["sys_id"], changed)


def _follow_state(change: Change) -> None:
    if change.changes("state"):
        is_active = change.get("state") not in ("expired", "cancelled")
        change.set("active", "true" if is_active else "false")
