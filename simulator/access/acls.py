"""Who may read, create, write and delete what: access control lists for rows and for fields.

Row ACLs come first, then field ACLs; of each the most specific level that says anything decides
(`incident`, then `task`, then `*`). "Deny unless" ACLs must all hold, of the "allow if" ones
any. An admin passes everything but what says that it binds admins, too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary, Path
from simulator.data.sys_ids import stable_sys_id
from simulator.schema import Field

Condition = Callable[[Person, Mapping[str, str]], bool]
Concern = Callable[[Person], bool]


class Operation(StrEnum):
    """What an ACL is about."""

    READ = "read"
    CREATE = "create"
    WRITE = "write"
    DELETE = "delete"
    QUERY_MATCH = "query_match"
    QUERY_RANGE = "query_range"


# Tables that somebody added are closed until an ACL opens them: `glide.sm.default_mode` is deny.
_CUSTOM = ("u_", "x_")

READ, CREATE = Operation.READ, Operation.CREATE
WRITE, DELETE = Operation.WRITE, Operation.DELETE


@dataclass(frozen=True, kw_only=True)
class Acl:
    """One ACL. It holds for a person with any of `roles` (none: everybody) and the condition.

    `table` and `field` may be `*`; without `field` it is about rows. `needs` are the
    fields the condition reads; `concerns` says for whom there may be a record at all on which it
    holds (None: for everybody). `admin_overrides`: an admin passes it without looking; `sys_id`
    is that of its row. One without roles means everybody of the company, with `for_outsiders`
    guests, too.
    """

    table: str
    operation: Operation
    field: str = ""
    roles: frozenset[str] = frozenset()
    condition: Condition | None = None
    needs: tuple[str, ...] = ()
    concerns: Concern | None = None
    deny_unless: bool = False
    admin_overrides: bool = True
    for_outsiders: bool = False
    sys_id: str = ""


class WrittenAcls(Protocol):
    """ACLs that are rows of the instance."""

    def acls(self) -> Sequence[Acl]:
        """Those that are active."""

    def switched_off(self) -> frozenset[str]:
        """The sys_ids of built-in ACLs that somebody deactivated."""


@dataclass(frozen=True)
class Verdict:
    """What ACLs say to a person: `always`, never, or it depends on the record.

    It depends when there is an `any_of` or `all_of`: conditions over the fields in `needs`.
    Where there are `concerns`, one of them must be about the person for any of `any_of` to hold.
    """

    always: bool
    any_of: tuple[Condition, ...] = ()
    all_of: tuple[Condition, ...] = ()
    needs: frozenset[str] = frozenset()
    concerns: tuple[Concern, ...] = ()

    @property
    def depends(self) -> bool:
        """Whether each record has to be looked at."""
        return bool(self.any_of or self.all_of)

    @property
    def never(self) -> bool:
        """Whether the answer is no for every record."""
        return not self.always and not self.depends

    def never_for(self, person: Person) -> bool:
        """Whether the answer to this person is no for every record, without looking at any."""
        if self.concerns and not any(concern(person) for concern in self.concerns):
            return True
        return self.never or (self.depends and not self.needs and not self.holds(person, {}))

    def holds(self, person: Person, row: Mapping[str, str]) -> bool:
        """The answer for one record."""
        if not self.depends:
            return self.always
        allowed = not self.any_of or any(condition(person, row) for condition in self.any_of)
        return allowed and all(condition(person, row) for condition in self.all_of)


_CLOSED = [Acl(table="*", operation=READ, roles=frozenset({"admin"}))]

ALWAYS = Verdict(always=True)
NEVER = Verdict(always=False)


class Access:
    """The ACLs of an instance. Tests may :meth:`add` to them."""

    def __init__(
        self,
        dictionary: Dictionary,
        *,
        acls: Iterable[Acl],
        written: WrittenAcls | None = None,
    ) -> None:
        self._dictionary = dictionary
        self._built_in = list(acls)
        self._written = written
        self._levels: dict[tuple[str, Operation, str], list[Acl]] | None = None
        self._verdicts: dict[tuple[frozenset[str], str, Operation, str], Verdict] = {}
        self._ruled: dict[tuple[str, Operation], Mapping[str, str]] = {}
        self.version = 0

    def add(self, acl: Acl) -> None:
        """One more ACL, from now on."""
        self._built_in.append(acl)
        self.forget()

    def forget(self) -> None:
        """Decide everything anew: a row, or a switch that ACLs look at, has changed."""
        self._levels = None
        self._verdicts.clear()
        self._ruled.clear()
        self.version += 1

    def _by_level(self) -> dict[tuple[str, Operation, str], list[Acl]]:
        if self._levels is None:
            off = self._written.switched_off() if self._written else frozenset()
            written = self._written.acls() if self._written else ()
            # To name them takes milliseconds, which every new instance would pay.
            built_in = identified(self._built_in) if off else self._built_in
            self._levels = {}
            for acl in (*built_in, *written):
                if acl.sys_id not in off:
                    level = (acl.table, acl.operation, acl.field)
                    self._levels.setdefault(level, []).append(acl)
        return self._levels

    def row(self, person: Person, table: str, operation: Operation) -> Verdict:
        """What the row ACLs of a table say."""
        return self._verdict(person, table, operation, "")

    def field(self, person: Person, table: str, operation: Operation, *, field: str) -> Verdict:
        """What the field ACLs say, given that the row may be read or written."""
        return self._verdict(person, table, operation, field)

    def ruled_by(self, table: str, operation: Operation) -> Mapping[str, str]:
        """Of each class of records of a table, itself too, the class whose ACLs protect it.

        That is the nearest one that has ACLs of its own, as far up as the table.
        """
        known = self._ruled.get((table, operation))
        if known is None:
            named = {level for level, about, _ in self._by_level() if about == operation}
            known = self._ruled[table, operation] = {
                name: next(
                    one for one in self._dictionary.ancestors(name) if one in named or one == table
                )
                for name in self._dictionary.descendants(table)
            }
        return known

    def may_query(
        self, person: Person, table: str, dotted: str, *, in_ranges: bool = False
    ) -> bool:
        """Whether a query of this person may use a field: `in_ranges`, or to find a value only.

        Without query ACLs on the field it does if they may read it, on some record: of the table
        itself, and of each table that a dot-walk comes to.
        """
        path = self._dictionary.resolve(table, dotted)
        if path is None:
            return True
        tables = [self.row(person, table, Operation.READ), *self.rows_on_the_way(person, path)]
        if any(verdict.never_for(person) for verdict in tables):
            return False
        operation = Operation.QUERY_RANGE if in_ranges else Operation.QUERY_MATCH
        acls = self._deciding(path.table, operation, path.field.name)
        steps = path.steps if acls else (*path.steps, (path.table, path.field))
        decided = [_decided(person, acls)] if acls else []
        decided += self._of_steps(person, steps)
        return not any(verdict.never_for(person) for verdict in decided)

    def rows_on_the_way(self, person: Person, path: Path) -> list[Verdict]:
        """Row verdicts of the tables that a dot-walk comes to."""
        tables = [at for at, _ in path.steps[1:]] + ([path.table] if path.steps else [])
        return [self.row(person, at, Operation.READ) for at in tables]

    def along(self, person: Person, path: Path) -> list[Verdict]:
        """Field verdicts of a dot-walk, for each step and for its end."""
        return self._of_steps(person, (*path.steps, (path.table, path.field)))

    def _of_steps(self, person: Person, steps: Iterable[tuple[str, Field]]) -> list[Verdict]:
        """What is hidden in a class of records is not told by the table above either."""
        return [
            self.field(person, one, Operation.READ, field=field.name)
            for at, field in steps
            for one in set(self.ruled_by(at, Operation.READ).values())
        ]

    def _verdict(self, person: Person, table: str, operation: Operation, field: str) -> Verdict:
        asked = (person.roles, table, operation, field)
        known = self._verdicts.get(asked)
        if known is None:
            acls = self._deciding(table, operation, field)
            joins = self._dictionary.tables[table].joins
            if joins and all(acl.table != table for acl in acls):
                known = self._of_view(person, joins, operation, field)
            else:
                known = _decided(person, acls)
            self._verdicts[asked] = known
        return known

    def _of_view(
        self,
        person: Person,
        joins: tuple[tuple[str, str], ...],
        operation: Operation,
        field: str,
    ) -> Verdict:
        """A view without ACLs of its own shows what may be read of all its tables' records."""
        if not field:
            verdicts = [
                self.row(person, one, operation)
                for _, table in joins
                for one in set(self.ruled_by(table, operation).values())
            ]
        else:
            verdicts = [
                self.field(person, one, operation, field=field.removeprefix(f"{prefix}_"))
                for prefix, table in joins
                if field.startswith(f"{prefix}_")
                for one in set(self.ruled_by(table, operation).values())
            ]
        return ALWAYS if all(verdict.always for verdict in verdicts) else NEVER

    def _deciding(self, table: str, operation: Operation, field: str) -> list[Acl]:
        levels, tables = self._by_level(), self._dictionary.ancestors(table)
        for name in (field, "*") if field else ("",):
            for level in (*tables, "*"):
                acls = levels.get((level, operation, name))
                if acls:
                    is_open_to_all = level == "*" and not name and tables[-1].startswith(_CUSTOM)
                    return _CLOSED if is_open_to_all else acls
        return []


def identified(acls: Iterable[Acl]) -> list[Acl]:
    """Built-in ACLs with the sys_ids of their rows."""
    found: list[Acl] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for acl in acls:
        about = (acl.table, acl.field, str(acl.operation))
        sys_id = stable_sys_id("sys_security_acl", *about, str(seen[about]))
        seen[about] += 1
        found.append(replace(acl, sys_id=sys_id))
    return found


def _decided(person: Person, acls: list[Acl]) -> Verdict:
    if person.is_admin:
        acls = [acl for acl in acls if not acl.admin_overrides]
    if not acls:
        return ALWAYS
    denying = [acl for acl in acls if acl.deny_unless]
    allowing = [acl for acl in acls if not acl.deny_unless]
    open_to = [acl for acl in allowing if _role_fits(person, acl)]
    if not all(_role_fits(person, acl) for acl in denying) or (allowing and not open_to):
        return NEVER
    free = not open_to or any(acl.condition is None for acl in open_to)
    any_of = () if free else tuple(acl.condition for acl in open_to if acl.condition)
    all_of = tuple(acl.condition for acl in denying if acl.condition)
    needs = frozenset(name for acl in (*open_to, *denying) for name in acl.needs)
    if not any_of and not all_of:
        return ALWAYS
    concerns = tuple(acl.concerns for acl in open_to if acl.concerns)
    if free or len(concerns) < len(any_of):
        concerns = ()  # another one may hold for everybody
    return Verdict(always=False, any_of=any_of, all_of=all_of, needs=needs, concerns=concerns)


def _role_fits(person: Person, acl: Acl) -> bool:
    if not acl.roles:
        return acl.for_outsiders or not person.is_outsider
    return person.has_any(acl.roles)
