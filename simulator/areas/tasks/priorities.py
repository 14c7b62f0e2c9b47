"""Priority from impact and urgency: the rows of `dl_u_priority`, or those of the base system."""

from simulator.queries.parsing import literal
from simulator.records.rules import Change

# What impact and urgency make of it, in this order.
PRIORITIES = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}
_LOWEST = "5"
_JUDGED = ("impact", "urgency", "priority")


def look_up(change: Change) -> None:
    """Set the priority. What the client sent does not matter: it is read-only."""
    if not any(change.changes(name) for name in _JUDGED):
        return
    impact, urgency = change.get("impact"), change.get("urgency")
    judged = f"impact={literal(impact)}^urgency={literal(urgency)}^ORDERBYorder"
    rows = change.records.query("dl_u_priority", judged)
    active = [row["priority"] for row in rows if row["active"] == "true"]
    if active:
        change.set("priority", active[0])
    elif rows:
        change.set("priority", change.before("priority") or _LOWEST)
    else:
        change.set("priority", PRIORITIES.get((impact, urgency), _LOWEST))
