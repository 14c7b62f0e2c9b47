"""Built-in business rules and ACLs as rows, so that what refuses a write can be looked up."""

from collections.abc import Iterable, Iterator

from simulator.access.acls import Acl, identified
from simulator.data.dictionary_rows import write_rows
from simulator.data.store import Cell, Store
from simulator.data.sys_ids import stable_sys_id
from simulator.records.rules import BusinessRule, Moment

_SCRIPT = "// This comes with the instance; it is not run from here."


def install_mirrors(
    store: Store, *, rules: Iterable[BusinessRule], acls: Iterable[Acl], moment: str
) -> None:
    """Write the rows that are missing. `moment` is their creation."""
    known = identified(acls)
    with store.transaction():
        write_rows(store, "sys_metadata", map(_rule, rules), moment=moment)
        write_rows(store, "sys_metadata", map(_acl, known), moment=moment)


def link_roles(store: Store, acls: Iterable[Acl], *, moment: str) -> None:
    """Write which roles built-in ACLs ask for, of those that there are."""
    write_rows(store, "sys_metadata", _roles(store, identified(acls)), moment=moment)


def _rule(one: BusinessRule) -> dict[str, Cell]:
    return {
        **_file("sys_script", one.sys_id, name=one.name),
        "name": one.name,
        "collection": one.table,
        "active": "true",
        "advanced": "true",
        "when": "after" if one.after else "before",
        "order": one.order,
        "action_insert": _flag(Moment.INSERT, one),
        "action_update": _flag(Moment.UPDATE, one),
        "action_delete": _flag(Moment.DELETE, one),
        "action_query": "false",
        "abort_action": "false",
        "script": _SCRIPT,
    }


def _flag(moment: Moment, one: BusinessRule) -> str:
    return "true" if moment in one.on else "false"


def _acl(one: Acl) -> dict[str, Cell]:
    name = f"{one.table}.{one.field}" if one.field else one.table
    return {
        **_file("sys_security_acl", one.sys_id, name=name),
        "name": name,
        "operation": str(one.operation),
        "type": "record",
        "decision_type": "deny" if one.deny_unless else "allow",
        "active": "true",
        "admin_overrides": "true",
        "advanced": "true" if one.condition else "false",
        "script": _SCRIPT if one.condition else "",
    }


def _roles(store: Store, acls: Iterable[Acl]) -> Iterator[dict[str, Cell]]:
    for acl in acls:
        for role in sorted(acl.roles):
            found = store.scalar('SELECT "sys_id" FROM "sys_user_role" WHERE "name" = ?', (role,))
            if found:
                sys_id = stable_sys_id("sys_security_acl_role", acl.sys_id, role)
                yield {
                    **_file("sys_security_acl_role", sys_id, name=role),
                    "sys_security_acl": acl.sys_id,
                    "sys_user_role": found,
                }


def _file(table: str, sys_id: str, *, name: str) -> dict[str, Cell]:
    return {
        "sys_id": sys_id,
        "sys_class_name": table,
        "sys_name": name,
        "sys_scope": "global",
        "sys_package": "global",
        "sys_update_name": f"{table}_{sys_id}",
    }
