"""ACLs that are rows: of `sys_security_acl`, with the roles in `sys_security_acl_role`.

Conditions are encoded queries asked of the record. Scripts are not run: of `answer = true` and
`answer = false` the meaning is plain, with any other script an ACL never holds.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from simulator.access.acls import Acl, Condition, Operation
from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import MAINTENANCE
from simulator.data.store import Store
from simulator.records.conditions import Conditions

WATCHED = frozenset({"sys_security_acl", "sys_security_acl_role", "sys_user_role"})
"""A row written to one of these tables changes what ACLs there are."""

_COLUMNS = (
    *("sys_id", "name", "operation", "decision_type", "admin_overrides", "condition", "script"),
    *("advanced", "sys_created_by"),
)
_ANSWER = re.compile(r"\s*answer\s*=\s*(true|false)\s*;?\s*")


class WrittenAcls:
    """The ACLs in the rows of one instance."""

    def __init__(self, store: Store, dictionary: Dictionary, conditions: Conditions) -> None:
        self._store = store
        self._dictionary = dictionary
        self._conditions = conditions

    def acls(self) -> Sequence[Acl]:
        """The active ones, without those that mirror built-in ones."""
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        rows = self._store.rows(
            f'SELECT {names} FROM "sys_metadata" WHERE "sys_class_name" = ?'  # noqa: S608  # fixed names
            " AND \"active\" = 'true' AND \"type\" IN ('record', '') AND \"sys_created_by\" <> ?"
            " ORDER BY rowid",
            ("sys_security_acl", MAINTENANCE),
        )
        roles = self._roles()
        found = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        return [self._acl(row, roles[row["sys_id"]]) for row in found if _is_enforced(row)]

    def switched_off(self) -> frozenset[str]:
        """Built-in ACLs whose row is inactive."""
        rows = self._store.rows(
            'SELECT "sys_id" FROM "sys_metadata" WHERE "sys_class_name" = \'sys_security_acl\''
            ' AND "active" <> \'true\' AND "sys_created_by" = ?',
            (MAINTENANCE,),
        )
        return frozenset(row[0] for row in rows)

    def _roles(self) -> Mapping[str, frozenset[str]]:
        rows = self._store.rows(
            'SELECT l."sys_security_acl", r."name" FROM "sys_metadata" l'
            ' JOIN "sys_user_role" r ON r."sys_id" = l."sys_user_role"'
            " WHERE l.\"sys_class_name\" = 'sys_security_acl_role'"
        )
        found: dict[str, frozenset[str]] = defaultdict(frozenset)
        for acl, role in rows:
            found[acl] |= {role}
        return found

    def _acl(self, row: Mapping[str, str], roles: frozenset[str]) -> Acl:
        table, _, field = row["name"].partition(".")
        return Acl(
            table=table,
            field="" if field in ("", "None") else field,
            operation=Operation(row["operation"]),
            roles=roles,
            condition=self._condition(table, row),
            needs=self._needs(table, row["condition"]),
            deny_unless=row["decision_type"] == "deny",
            admin_overrides=row["admin_overrides"] == "true",
            sys_id=row["sys_id"],
        )

    def _condition(self, table: str, row: Mapping[str, str]) -> Condition | None:
        answer = _answer(row)
        if answer is False:
            return _never
        encoded = row["condition"]
        if not encoded:
            return None

        def holds(person: Person, record: Mapping[str, str]) -> bool:
            if not self._dictionary.knows(table):
                return False
            return self._conditions.hold(table, encoded, record, person=person)

        return holds

    def _needs(self, table: str, encoded: str) -> tuple[str, ...]:
        if not encoded or not self._dictionary.knows(table):
            return ()
        return tuple(sorted(self._conditions.fields_of(table, encoded)))


def _is_enforced(row: Mapping[str, str]) -> bool:
    return row["operation"] in set(Operation)


def _answer(row: Mapping[str, str]) -> bool:
    """What the script of an ACL says."""
    if row["advanced"] != "true" or not row["script"].strip():
        return True
    found = _ANSWER.fullmatch(row["script"])
    return found is not None and found[1] == "true"


def _never(_: Person, __: Mapping[str, str]) -> bool:
    return False
