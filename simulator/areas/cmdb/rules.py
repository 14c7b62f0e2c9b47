"""Business rules of configuration items."""

from collections.abc import Sequence

from simulator.moments import as_duration, moment_of
from simulator.records.rules import ON_DELETE, BusinessRule, Change, rule
from simulator.switches import Switches

_ENDS = ("parent", "child")


def rules(_: Switches) -> Sequence[BusinessRule]:
    """In the order they run."""
    return (
        rule(
            "CI: Delete relations",
            "cmdb_ci",
            _delete_relations,
            order=100,
            on=ON_DELETE,
            after=True,
        ),
        rule("Outage: Set duration", "cmdb_ci_outage", _measure, order=100),
        rule("Model: Set display name", "cmdb_model", _name_model, order=100),
    )


def _delete_relations(change: Change) -> None:
    for end in _ENDS:
        for row in change.records.query("cmdb_rel_ci", f"{end}={change.before('sys_id')}"):
            change.records.delete("cmdb_rel_ci", row["sys_id"])


def _measure(change: Change) -> None:
    begin, end = moment_of(change.get("begin")), moment_of(change.get("end"))
    if begin is None or end is None or end < begin:
        change.set("duration", "")
    else:
        change.set("duration", as_duration((end - begin).total_seconds()))


def _name_model(change: Change) -> None:
    maker = change.records.row("core_company", change.get("manufacturer"))
    parts = (maker["name"] if maker else "", change.get("name"))
    change.set("display_name", " ".join(part for part in parts if part))
