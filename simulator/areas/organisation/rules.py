"""Business rules of people."""

from collections.abc import Sequence

from simulator.records.rules import BusinessRule, Change, rule
from simulator.switches import Switches


def rules(_: Switches) -> Sequence[BusinessRule]:
    """A name is made of its parts."""
    return (rule("User name from its parts", "sys_user", _full_name, order=10),)


def _full_name(change: Change) -> None:
    if change.changes("first_name") or change.changes("last_name"):
        parts = (change.get("first_name"), change.get("last_name"))
        change.set("name", " ".join(part for part in parts if part))
