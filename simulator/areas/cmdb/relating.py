"""Relations between configuration items: found, made and told."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.access.people import Person
from simulator.areas.cmdb.asked import Relation
from simulator.areas.cmdb.reconciling import Placed, end_of
from simulator.errors import Refusal
from simulator.instance import Instance
from simulator.queries.compiler import ALIAS, SelectText
from simulator.records.plans import Wanted
from simulator.records.rendering import Display

TABLE = "cmdb_rel_ci"

_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Related:
    """What became of one relation of a body."""

    index: int
    operation: str = "NO_CHANGE"
    error: str = ""
    message: str = ""

    def shown(self) -> dict[str, object]:
        """As the API tells it."""
        told: dict[str, object] = {
            "className": TABLE,
            "operation": self.operation,
            "markers": [],
            "inputIndices": [self.index],
            "mergedPayloadIds": [],
            "errorCount": int(bool(self.error)),
        }
        errors = [{"error": self.error, "message": self.message}]
        return told | ({"errors": errors} if self.error else {})


def relation_type(instance: Instance, name: str) -> str:
    """The sys_id of a relationship type, by it or by its name; empty: there is none."""
    rows = instance.store.rows(
        'SELECT "sys_id" FROM "cmdb_rel_type" WHERE "sys_id" = ? OR "name" = ?', (name, name)
    )
    return rows[0][0] if rows else ""


def relate(
    instance: Instance,
    wished: tuple[Relation, ...],
    placed: list[Placed],
    *,
    person: Person,
    commits: bool,
) -> list[Related]:
    """Make the relations of a body, as far as both ends could be placed."""
    return [
        _relate(instance, one, index, placed, person=person, commits=commits)
        for index, one in enumerate(wished)
    ]


def _relate(
    instance: Instance,
    wished: Relation,
    index: int,
    placed: list[Placed],
    *,
    person: Person,
    commits: bool,
) -> Related:
    ends = [end_of(one, placed) for one in (wished.parent, wished.child)]
    kind = relation_type(instance, wished.type)
    if not kind or None in ends:
        message = f"No relationship type [{wished.type}]" if not kind else "No such item"
        return Related(index=index, error="INVALID_INPUT_DATA", message=message)
    parent, child = (one for one in ends if one is not None)
    if parent.errors or child.errors:
        return Related(index=index, error="ABANDONED", message="An item of it was not placed")
    if parent.sys_id and child.sys_id and _is_there(instance, parent.sys_id, kind, child.sys_id):
        return Related(index=index)
    if commits:
        try:
            make(instance, parent.sys_id, kind, child.sys_id, person=person)
        except Refusal as refusal:
            return Related(index=index, error="ABANDONED", message=str(refusal.detail))
    return Related(index=index, operation="INSERT")


def make(instance: Instance, parent: str, kind: str, child: str, *, person: Person) -> str:
    """Make one relation unless it is there; its sys_id. Raises AclRefused."""
    known = _is_there(instance, parent, kind, child)
    values = {"parent": parent, "type": kind, "child": child}
    return known or instance.writer.create(TABLE, values, person=person)


def _is_there(instance: Instance, parent: str, kind: str, child: str) -> str:
    rows = instance.store.rows(
        'SELECT "sys_id" FROM "cmdb_rel_ci" WHERE "parent" = ? AND "type" = ? AND "child" = ?',
        (parent, kind, child),
    )
    return rows[0][0] if rows else ""


def relations_of(
    instance: Instance, item: str, *, person: Person, host: str, outbound: bool
) -> list[dict[str, object]]:
    """The relations of an item to those below it, or above, as the person may see them."""
    mine, other = ("parent", "child") if outbound else ("child", "parent")
    source = f'FROM "{TABLE}" {ALIAS} WHERE {ALIAS}."{mine}" = ?'
    wanted = Wanted(table=TABLE, fields=("sys_id", "type", other), display=Display.BOTH)
    records = instance.reader.page(
        wanted, SelectText(source, "", (item,)), person=person, host=host, limit=_ALL
    )
    return [
        {
            "sys_id": _value(record, "sys_id"),
            "type": record.get("type"),
            "target": _target(record.get(other), host),
        }
        for record in records
    ]


def _target(shown: object, host: str) -> object:
    """The other end, linked to this API."""
    if not isinstance(shown, dict):
        return shown
    return shown | {"link": f"{host}/api/now/cmdb/instance/cmdb_ci/{shown['value']}"}


def _value(record: Mapping[str, object], field: str) -> str:
    shown = record.get(field)
    return str(shown["value"]) if isinstance(shown, dict) else ""
