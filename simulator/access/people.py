"""Who is acting: their roles and groups, inherited ones included, and how they like dates."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.data.store import Store

# Writing to one of these may change what somebody may do.
TABLES_THAT_MAKE_A_PERSON = frozenset(
    {
        "sys_user",
        "sys_user_group",
        "sys_user_grmember",
        "sys_user_role",
        "sys_user_role_contains",
        "sys_user_has_role",
        "sys_group_has_role",
        "sys_user_delegate",
    }
)

_GROUPS = """
WITH RECURSIVE mine(id) AS (
    SELECT "group" FROM "sys_user_grmember" WHERE "user" = ?
    UNION
    SELECT g."parent" FROM "sys_user_group" g JOIN mine ON g."sys_id" = mine.id
    WHERE g."parent" <> ''
) SELECT id FROM mine
"""

# Rows that say they are inherited tell what follows from the others, and follow late.
_ROLES = """
WITH RECURSIVE held(id) AS (
    SELECT "role" FROM "sys_user_has_role" WHERE "user" = :user AND "inherited" <> 'true'
    UNION
    SELECT "role" FROM "sys_group_has_role"
    WHERE "group" IN (SELECT value FROM json_each(:groups))
    UNION
    SELECT c."contains" FROM "sys_user_role_contains" c JOIN held ON c."role" = held.id
) SELECT r."name" FROM "sys_user_role" r JOIN held ON r."sys_id" = held.id
"""

# People write their own formats: one may name a part twice, and a date be the last there is.
_NO_DATE = (ValueError, OverflowError, re.error)
_DATE_PARTS = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"))
_TIME_PARTS = (("HH", "%H"), ("hh", "%I"), ("mm", "%M"), ("ss", "%S"), (" a", " %p"))


@dataclass(frozen=True)
class Delegation:
    """Whose approvals somebody may decide, from one stored moment to another one."""

    user: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Person:
    """One user as rules and ACLs see them. `groups` are those they are a member of.

    `now` gives the stored present: whom they stand in for depends on it.
    """

    sys_id: str
    user_name: str
    name: str
    roles: frozenset[str]
    groups: tuple[str, ...]
    time_zone: str = ""
    date_format: str = ""
    time_format: str = ""
    delegations: tuple[Delegation, ...] = ()
    now: Callable[[], str] = field(default=str, compare=False, repr=False)

    @property
    def approves_for(self) -> frozenset[str]:
        """The people whose approvals they may decide as a delegate, at this moment."""
        if not self.delegations:
            return frozenset()
        now = self.now()
        return frozenset(one.user for one in self.delegations if one.starts <= now <= one.ends)

    @property
    def is_admin(self) -> bool:
        """Whether they pass every ACL."""
        return "admin" in self.roles

    @property
    def is_outsider(self) -> bool:
        """Whether they are nobody of the company: ACLs without a role are not for them.

        Source: explicit roles, by which such ACLs ask for `snc_internal`.
        """
        return "snc_external" in self.roles and not self.is_admin

    def has_any(self, roles: frozenset[str]) -> bool:
        """Whether they hold one of these roles; an admin holds every role."""
        return self.is_admin or not self.roles.isdisjoint(roles)

    @cached_property
    def zone(self) -> tzinfo:
        """Their time zone; UTC where it is empty or unknown."""
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else UTC
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC

    @cached_property
    def date_pattern(self) -> str:
        """Their date format for `strftime`."""
        return _translated(self.date_format or "yyyy-MM-dd", _DATE_PARTS)

    @cached_property
    def moment_pattern(self) -> str:
        """Their date-time format for `strftime`."""
        return f"{self.date_pattern} {_translated(self.time_format or 'HH:mm:ss', _TIME_PARTS)}"

    @cached_property
    def _reads_as_stored(self) -> bool:
        return self.zone is UTC and self.moment_pattern == "%Y-%m-%d %H:%M:%S"

    def shown(self, moment: str) -> str:
        """A stored UTC date-time as they read it; what is no date-time stays as it is."""
        if self._reads_as_stored:
            return moment
        try:
            at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            return at.astimezone(self.zone).strftime(self.moment_pattern)
        except _NO_DATE:
            return moment

    def shown_date(self, date: str) -> str:
        """A stored date in their format."""
        try:
            return datetime.fromisoformat(date).strftime(self.date_pattern)
        except _NO_DATE:
            return date

    def entered(self, moment: str) -> str:
        """A date-time as they type it, in UTC as it is stored; the text itself if it is none."""
        try:
            at = datetime.strptime(moment, self.moment_pattern).replace(tzinfo=self.zone)
            return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")
        except _NO_DATE:
            return moment

    def entered_date(self, date: str) -> str:
        """A date as they type it, as it is stored; the text itself if it is none."""
        try:
            at = datetime.strptime(date, self.date_pattern).replace(tzinfo=UTC)
        except _NO_DATE:
            return date
        return at.date().isoformat()


# Who acts for callers without credentials where those are answered. No record: nobody can sign in
# as the guest, or be it by other means.
GUEST = Person(
    sys_id="5136503cc611227c0183e96598c4f706",
    user_name="guest",
    name="Guest",
    roles=frozenset({"public", "snc_external"}),
    groups=(),
)


class People:
    """The people of an instance, kept until something is written that could change one."""

    def __init__(self, store: Store, *, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._known: dict[str, Person | None] = {}

    def forget(self) -> None:
        """Read everybody again."""
        self._known.clear()

    def find(self, sys_id: str) -> Person | None:
        """The person with this sys_id, or None."""
        if sys_id not in self._known:
            self._known[sys_id] = self._read(sys_id)
        return self._known[sys_id]

    def _read(self, sys_id: str) -> Person | None:
        rows = self._store.rows(
            'SELECT "sys_id", "user_name", "name", "time_zone", "date_format", "time_format"'
            ' FROM "sys_user" WHERE "sys_id" = ?',
            (sys_id,),
        )
        if not rows:
            return GUEST if sys_id == GUEST.sys_id else None
        sys_id, user_name, name, time_zone, date_format, time_format = rows[0]
        with_parents = [row[0] for row in self._store.rows(_GROUPS, (sys_id,))]
        own = self._store.rows(
            'SELECT "group" FROM "sys_user_grmember" WHERE "user" = ?', (sys_id,)
        )
        return Person(
            sys_id=sys_id,
            user_name=user_name,
            name=name,
            roles=self._roles(sys_id, with_parents),
            groups=tuple(row[0] for row in own),
            time_zone=time_zone,
            date_format=date_format,
            time_format=time_format,
            delegations=self._delegations(sys_id),
            now=self._now,
        )

    def _delegations(self, sys_id: str) -> tuple[Delegation, ...]:
        rows = self._store.rows(
            'SELECT "user", "starts", "ends" FROM "sys_user_delegate"'
            ' WHERE "delegate" = ? AND "approvals" = \'true\'',
            (sys_id,),
        )
        return tuple(Delegation(*row) for row in rows)

    def _roles(self, sys_id: str, groups: list[str]) -> frozenset[str]:
        asked = {"user": sys_id, "groups": json.dumps(groups)}
        return frozenset(row[0] for row in self._store.rows(_ROLES, asked))


def _translated(pattern: str, parts: tuple[tuple[str, str], ...]) -> str:
    for theirs, ours in parts:
        pattern = pattern.replace(theirs, ours)
    return pattern
