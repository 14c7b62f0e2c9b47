"""Parent and child incidents: what happens to the parent is told to, and done to, its children."""

from simulator.queries.parsing import literal
from simulator.records.rules import Change, Row

_FINISHED = ("6", "7", "8")
_RESOLVED = "6"
_COPIED = ("comments", "work_notes")
_MOST = 500


def count_children(change: Change) -> None:
    """After an insert, an update or a delete: `child_incidents` of the parents concerned."""
    gone = change.operation == "delete"
    now = "" if gone else change.get("parent_incident")
    before = change.before("parent_incident")
    if now == before:
        return
    for parent in (one for one in (before, now) if one):
        if change.records.row("incident", parent) is not None:
            count = len(_children(change, parent))
            change.records.update("incident", parent, {"child_incidents": str(count)})


def resolve_children(change: Change) -> None:
    """After a parent was resolved: its children that are open are resolved for the same reason.

    The youngest first: each finds its own children done, however deep a family is.
    """
    if not change.changes_to("state", _RESOLVED):
        return
    resolution = {
        "state": _RESOLVED,
        "close_code": change.get("close_code"),
        "close_notes": change.get("close_notes"),
        "work_notes": f"Resolved with the parent incident {change.get('number')}."
        " Resolution code and notes are copied from there.",
    }
    for child in reversed(_open_descendants(change)):
        change.update("incident", child["sys_id"], resolution)


def tell_children(change: Change) -> None:
    """After a note on a parent: its open children get it too, and theirs."""
    told = {
        name: f"Copied from Parent Incident: {text}"
        for name, text in change.entries.items()
        if name in _COPIED
    }
    if not told or change.changes_to("state", _RESOLVED):
        return
    author = change.person.sys_id if change.person else None
    for child in _open_descendants(change):
        change.records.update("incident", child["sys_id"], told, as_user=author)


def is_its_own_ancestor(change: Change) -> bool:
    """Whether the parent that is given descends from the incident, or is the incident itself."""
    seen: set[str] = set()
    at = change.get("parent_incident")
    while at and at not in seen:
        if at == change.sys_id:
            return True
        seen.add(at)
        row = change.records.row("incident", at)
        at = row["parent_incident"] if row else ""
    return False


def _open_descendants(change: Change) -> list[Row]:
    """Children, then their children, as far as they are open; a bounded number of them."""
    found: list[Row] = []
    seen, waiting = {change.sys_id}, [change.sys_id]
    for parent in waiting:
        for child in _children(change, parent):
            if child["sys_id"] in seen or child["state"] in _FINISHED or len(found) >= _MOST:
                continue
            seen.add(child["sys_id"])
            found.append(child)
            waiting.append(child["sys_id"])
    return found


def _children(change: Change, parent: str) -> list[Row]:
    return change.records.query("incident", f"parent_incident={literal(parent)}")
