"""User criteria evaluated: which catalogues, categories and items are there for a person."""

from collections.abc import Iterable

from simulator.access.people import Person
from simulator.access.user_criteria import meets
from simulator.instance import Instance

Row = dict[str, str]

_SEE_ALL = frozenset({"catalog_admin"})


class Availability:
    """What user criteria let one person see. Valid as long as nobody writes."""

    def __init__(self, instance: Instance, person: Person) -> None:
        self._instance = instance
        self._sees_all = person.has_any(_SEE_ALL)
        self._mine = frozenset() if self._sees_all else _criteria_of(instance, person)
        self._links: dict[str, dict[str, set[str]]] = {}

    def among(self, table: str, rows: Iterable[Row]) -> list[Row]:
        """Those rows of `sc_catalog`, `sc_category` or `sc_cat_item` that are active and there."""
        return [row for row in rows if row["active"] == "true" and self._is_there(table, row)]

    def _is_there(self, table: str, row: Row) -> bool:
        """Who is named in "not available for" sees nothing, whatever else names them."""
        if self._sees_all:
            return True
        refused = self._linked(f"{table}_user_criteria_no_mtom", table).get(row["sys_id"], set())
        if refused & self._mine:
            return False
        allowed = self._linked(f"{table}_user_criteria_mtom", table).get(row["sys_id"], set())
        return not allowed or bool(allowed & self._mine)

    def _linked(self, link_table: str, field: str) -> dict[str, set[str]]:
        known = self._links.get(link_table)
        if known is None:
            known = self._links[link_table] = {}
            for link in self._instance.query(link_table):
                known.setdefault(link[field], set()).add(link["user_criteria"])
        return known


def _criteria_of(instance: Instance, person: Person) -> frozenset[str]:
    """The criteria that a person meets."""
    user = instance.row("sys_user", person.sys_id) or {}
    roles = {row["sys_id"]: row["name"] for row in instance.query("sys_user_role")}
    return frozenset(
        row["sys_id"]
        for row in instance.query("user_criteria", "active=true")
        if meets(person, row, user=user, role_name=lambda role: roles.get(role, ""))
    )
