"""Assignment rules: rows of `sysrule_assignment` that give new tasks a group or a person."""

from simulator.queries.matching import matches
from simulator.queries.parsing import Condition, Term, literal
from simulator.records.rules import Change

# The tables that the references most used in conditions lead to.
_REFERENCED = {
    "caller_id": "sys_user",
    "opened_by": "sys_user",
    "cmdb_ci": "cmdb_ci",
    "business_service": "cmdb_ci_service",
    "location": "cmn_location",
    "company": "core_company",
}
_RULES = "active=true^table={}^ORDERBYorder"


def assign(change: Change) -> None:
    """Apply the first rule whose conditions a task meets, if nobody has been assigned yet."""
    if change.get("assignment_group") or change.get("assigned_to"):
        return
    for row in change.records.query("sysrule_assignment", _RULES.format(change.table)):
        if matches(change.values, row["condition"], otherwise=lambda term: _asked(change, term)):
            change.set("assignment_group", row["group"])
            change.set("assigned_to", row["user"])
            return


def _asked(change: Change, term: Term) -> bool:
    """A condition along one reference, asked of the record it leads to."""
    if not isinstance(term, Condition) or "." not in term.field:
        return False
    name, _, rest = term.field.partition(".")
    if name not in _REFERENCED or not change.get(name):
        return False
    asked = f"sys_id={literal(change.get(name))}^{rest}{term.operator}{literal(term.value)}"
    return bool(change.records.query(_REFERENCED[name], asked))
