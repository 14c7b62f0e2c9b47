"""Identification and reconciliation: items inserted or updated as the person who sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.areas.cmdb.asked import Beside, Item, Values, Wish
from simulator.areas.cmdb.identifying import (
    ITEMS,
    Identification,
    Rule,
    identify,
    is_class,
    rule_of,
)
from simulator.errors import Refusal
from simulator.instance import Instance, Row
from simulator.records.values import storable

_UNKNOWN = "Unknown"
_SAID = {"UPGRADE": "no_upgrade", "DOWNGRADE": "no_downgrade", "SWITCH": "no_switch"}


@dataclass
class Placed:
    """What became of one item."""

    index: int
    item: Item
    operation: str = "NO_CHANGE"
    sys_id: str = ""
    found: Identification = field(default_factory=Identification)
    errors: list[tuple[str, str]] = field(default_factory=list)
    info: list[dict[str, str]] = field(default_factory=list)
    beside: list[tuple[Beside, str]] = field(default_factory=list)

    def fail(self, error: str, message: str) -> None:
        """Note why it could not be placed."""
        self.errors.append((error, message))
        self.operation, self.sys_id = "NO_CHANGE", ""


@dataclass(frozen=True, kw_only=True)
class Reconciler:
    """Places the items of one body; without `commits` it only tells what it would do."""

    instance: Instance
    person: Person
    source: str
    commits: bool = True

    def place(self, wish: Wish) -> list[Placed]:
        """All items, each in a write of its own: one that fails leaves the others.

        What others run on comes first: only then can they be found.
        """
        placed = [Placed(index=index, item=item) for index, item in enumerate(wish.items)]
        rules = [self._rule(one) for one in placed]
        order = sorted(placed, key=lambda one: _is_dependent(rules[one.index]))
        for one in order:
            rule = rules[one.index]
            if rule is not None:
                self._place(one, rule, host=self._host(one, wish, placed))
        return placed

    def place_on(self, item: Item, hosts: Sequence[str]) -> Placed:
        """One item; what it hangs on, if it is of a dependent class, is the first of `hosts`."""
        placed = Placed(index=0, item=item)
        rule = self._rule(placed)
        if rule is not None:
            self._place(placed, rule, host=next(iter(hosts), ""))
        return placed

    def _rule(self, placed: Placed) -> Rule | None:
        name = placed.item.class_name
        if not is_class(self.instance, name):
            placed.fail("INVALID_INPUT_DATA", f"[{name}] is not a class of the CMDB")
            return None
        rule = rule_of(self.instance, name)
        if rule is None:
            placed.fail("IDENTIFICATION_RULE_MISSING", f"No identification rule for [{name}]")
        return rule

    def _host(self, placed: Placed, wish: Wish, everyone: list[Placed]) -> str:
        """The sys_id of what an item of the body hangs on."""
        for relation in wish.relations:
            parent, child = (end_of(one, everyone) for one in (relation.parent, relation.child))
            if parent is placed and child is not None and child.sys_id:
                return child.sys_id
        return ""

    def _place(self, placed: Placed, rule: Rule, *, host: str) -> None:
        if not rule.independent and not host and not placed.item.source:
            name = placed.item.class_name
            placed.fail("MISSING_DEPENDENCY", f"No relation of [{name}] to what it depends on")
            return
        values = dict(placed.item.values) | {"sys_class_name": placed.item.class_name}
        placed.found = identify(
            self.instance,
            rule,
            values,
            lookup=placed.item.lookup,
            source=placed.item.source,
            host="" if rule.independent else host,
        )
        if placed.found.error and not placed.found.sys_id:
            placed.fail(placed.found.error, placed.found.message)
            return
        try:
            with self.instance.store.transaction():
                self._write(placed)
        except Refusal as refusal:
            placed.found = Identification()
            placed.fail("ABANDONED", refusal.detail or refusal.message)

    def _write(self, placed: Placed) -> None:
        if placed.found.sys_id:
            self.update(placed, placed.found.sys_id)
        else:
            self._insert(placed)
        if self.commits:
            self._note_source(placed)
        for one in (*placed.item.lookup, *placed.item.related):
            placed.beside.append((one, self._keep_beside(one, placed.sys_id)))

    def _insert(self, placed: Placed) -> None:
        placed.operation = "INSERT"
        if not self.commits:
            return
        now = self.instance.now()
        values = {**placed.item.values, "discovery_source": self.source}
        values |= {"first_discovered": now, "last_discovered": now}
        placed.sys_id = self.instance.writer.create(
            placed.item.class_name, values, person=self.person
        )

    def update(self, placed: Placed, sys_id: str) -> None:
        """Change an item that is there, its class too. Raises Refusal."""
        row = self._whole(sys_id)
        wanted, actual = placed.item.class_name, row["sys_class_name"]
        way = self._way(actual, wanted)
        if way and getattr(placed.item.settings, _SAID[way]):
            placed.info.append(_skipped(way, actual, wanted))
            way = ""
        changed = self._changed(wanted if way else actual, row, placed.item.values)
        if way:
            placed.operation = f"UPDATE_WITH_{way}"
        elif changed:
            placed.operation = "UPDATE"
        placed.sys_id = sys_id
        if self.commits:
            self._commit(row, placed.item.values, to_class=wanted if way else actual)

    def _commit(self, row: Row, values: Values, *, to_class: str) -> None:
        sys_id, actual = row["sys_id"], row["sys_class_name"]
        told = {"discovery_source": self.source, "last_discovered": self.instance.now()}
        self.instance.writer.change(actual, sys_id, {**values, **told}, person=self.person)
        if to_class != actual:
            # The write above has shown that the person may change the item.
            self.instance.update(
                ITEMS, sys_id, {"sys_class_name": to_class}, as_user=self.person.sys_id
            )
            self.instance.writer.change(to_class, sys_id, values, person=self.person)

    def _whole(self, sys_id: str) -> Row:
        row = self.instance.row(ITEMS, sys_id) or {}
        return self.instance.row(row.get("sys_class_name") or ITEMS, sys_id) or row

    def _way(self, actual: str, wanted: str) -> str:
        """How an item would change its class."""
        if actual == wanted:
            return ""
        if actual in self.instance.dictionary.ancestors(wanted):
            return "UPGRADE"
        return "DOWNGRADE" if wanted in self.instance.dictionary.ancestors(actual) else "SWITCH"

    def _changed(self, table: str, row: Row, values: Values) -> bool:
        fields = self.instance.dictionary.fields_of(table)
        return any(
            storable(fields[name], value) != row.get(name, "")
            for name, value in values.items()
            if name in fields and not name.startswith("sys_")
        )

    def _note_source(self, placed: Placed) -> None:
        """Keep which source told of an item, and by what it knows it there."""
        said = placed.item.source
        native, now = said.get("source_native_key", ""), self.instance.now()
        if not native:
            return
        name = said.get("source_name") or self.source
        values = {
            "name": name,
            "id": native,
            "source_feed": said.get("source_feed", ""),
            "source_recency_timestamp": said.get("source_recency_timestamp", ""),
            "last_scan": now,
            "target_table": placed.item.class_name,
            "target_sys_id": placed.sys_id,
        }
        rows = self.instance.store.rows(
            'SELECT "sys_id" FROM "sys_object_source" WHERE "name" = ? AND "id" = ?',
            (name, native),
        )
        if rows:
            self.instance.update("sys_object_source", rows[0][0], values)
        else:
            self.instance.insert("sys_object_source", values, as_user=self.person.sys_id)

    def _keep_beside(self, beside: Beside, item: str) -> str:
        """Insert a record beside an item unless it is there; its sys_id, empty: not kept."""
        table = beside.class_name
        if not self.commits or not self._comes_with_items(table):
            return ""
        fields = self.instance.dictionary.fields_of(table)
        wanted = {name: value for name, value in beside.values.items() if name in fields}
        for row in self.instance.query(table, f"cmdb_ci={item}"):
            if all(row.get(name) == value for name, value in wanted.items()):
                return row["sys_id"]
        values = {**wanted, "cmdb_ci": item}
        return self.instance.writer.create(table, values, person=self.person)

    def _comes_with_items(self, table: str) -> bool:
        """Whether its records are sent with items: rules look there, or they are items, too."""
        if not self.instance.knows(table):
            return False
        searched = self.instance.store.rows(
            'SELECT 1 FROM "cmdb_identifier_entry" WHERE "table" = ?', (table,)
        )
        refers = "cmdb_ci" in self.instance.dictionary.fields_of(table)
        return refers and (bool(searched) or is_class(self.instance, table))

    def may_read(self, sys_id: str) -> bool:
        """Whether the person may know of an item."""
        return self.instance.reader.may(self.person, READ, table=ITEMS, sys_id=sys_id)


def end_of(name: str, placed: list[Placed]) -> Placed | None:
    """The item that a relation means: by index, or by internal id (a record beside counts)."""
    for one in placed:
        if name and name in (one.item.internal_id, str(one.index)):
            return one
    return None


def _is_dependent(rule: Rule | None) -> bool:
    return rule is not None and not rule.independent


def _skipped(way: str, actual: str, wanted: str) -> dict[str, str]:
    return {
        "code": f"SKIPPED_CLASS_{way}",
        "message": f"The class stays {actual}: a change to {wanted} is not allowed",
        "ruleSysId": "",
    }


def shown(placed: Placed) -> dict[str, object]:
    """One item as the API tells it."""
    told: dict[str, object] = {
        "className": placed.item.class_name,
        "operation": placed.operation,
        "sysId": placed.sys_id or _UNKNOWN,
        "identifierEntrySysId": placed.found.entry or _UNKNOWN,
        "identificationAttempts": [one.shown() for one in placed.found.attempts],
        "markers": [],
        "inputIndices": [placed.index],
        "mergedPayloadIds": [],
        "errorCount": len(placed.errors),
    }
    if placed.item.lookup:
        told["relatedSysIds"] = [sys_id or None for _, sys_id in placed.beside] or [None] * len(
            placed.item.lookup
        )
        told["relatedItems"] = [
            _beside_shown(one, sys_id, placed.index, at)
            for at, (one, sys_id) in enumerate(placed.beside)
        ]
        told["additionalRelatedItems"] = []
    if placed.errors:
        told["errors"] = [{"error": error, "message": why} for error, why in placed.errors]
    if placed.info:
        told["info"] = placed.info
    return told


def _beside_shown(beside: Beside, sys_id: str, index: int, at: int) -> Mapping[str, object]:
    told: dict[str, object] = {
        "className": beside.class_name,
        "markers": [],
        "inputIndices": [{"mainIndex": index, "subIndex": at}],
        "mergedPayloadIds": [],
    }
    return told | ({"sysId": sys_id} if sys_id else {})
