"""Built-in business rules and ACLs can be switched off, and not be changed or deleted."""

from collections.abc import Sequence

from simulator.areas.platform.table_rules import is_built_in
from simulator.errors import DefinitionRefused
from simulator.records.rules import ON_DELETE, ON_UPDATE, BusinessRule, Change, rule
from simulator.switches import Switches

_TABLES = ("sys_script", "sys_security_acl")


def rules(_: Switches) -> Sequence[BusinessRule]:
    """One for changes and one for deletions, of both tables."""
    return tuple(
        one
        for table in _TABLES
        for one in (
            rule("Keep what is built in", table, _keep, order=10, on=ON_UPDATE),
            rule("Keep what is built in from deletion", table, _keep_whole, order=10, on=ON_DELETE),
        )
    )


def _keep(change: Change) -> None:
    if not is_built_in(change.previous):
        return
    changed = [name for name in change.values if name != "active" and change.changes(name)]
    if changed:
        raise DefinitionRefused(
            f"{change.get('name')} came with the instance: it can only be made inactive"
        )


def _keep_whole(change: Change) -> None:
    if is_built_in(change.previous):
        raise DefinitionRefused(f"{change.get('name')} came with the instance: make it inactive")
