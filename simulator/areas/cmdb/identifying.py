"""Which configuration item is meant: the identification rules, applied to what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.areas.cmdb.asked import Beside, Values
from simulator.instance import Instance, Row
from simulator.queries.compiler import ALIAS, SelectText
from simulator.queries.parsing import Condition, Query

ITEMS = "cmdb_ci"
MATCHED, NO_MATCH, MULTI_MATCH, SKIPPED = "MATCHED", "NO_MATCH", "MULTI_MATCH", "SKIPPED"

_ENOUGH = 3


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to find an item, by the attributes of one entry of its rule."""

    rule: str
    result: str
    attributes: tuple[str, ...]
    table: str
    info: str = ""

    def shown(self) -> dict[str, object]:
        """As the API tells it."""
        told: dict[str, object] = {
            "identifierName": self.rule,
            "attemptResult": self.result,
            "attributes": list(self.attributes),
            "hybridEntryCiAttributes": [],
        }
        if self.table:
            told["searchOnTable"] = self.table
        return told | ({"info": self.info} if self.info else {})


@dataclass
class Identification:
    """What came of all attempts: the sys_id of the item, or why there is none."""

    sys_id: str = ""
    entry: str = ""
    error: str = ""
    message: str = ""
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The identification rule of a class."""

    name: str
    applies_to: str
    independent: bool
    entries: Sequence[Row]


def rule_of(instance: Instance, class_name: str) -> Rule | None:
    """The rule of a class: its own or that of the nearest class above that has one."""
    for name in instance.dictionary.ancestors(class_name):
        found = instance.query("cmdb_identifier", f"applies_to={name}^active=true")
        if found:
            entries = f"identifier={found[0]['sys_id']}^active=true^ORDERBYorder"
            return Rule(
                name=found[0]["name"],
                applies_to=name,
                independent=found[0]["independent"] == "true",
                entries=instance.query("cmdb_identifier_entry", entries),
            )
    return None


def identify(
    instance: Instance,
    rule: Rule,
    values: Values,
    *,
    lookup: Sequence[Beside] = (),
    source: Values | None = None,
    host: str = "",
) -> Identification:
    """Find the item; of a dependent class only what hangs on `host` (a sys_id) counts.

    Entries are tried in their order until one matches. With two that match, or with no entry that
    could be tried, there is an error.
    """
    found = Identification()
    if source and _by_source(instance, found, source):
        return found
    for entry in rule.entries:
        attributes = tuple(entry["attributes"].split(","))
        table = entry["table"] or rule.applies_to
        said = _said(instance, entry, attributes, values, lookup)
        hits = [] if said is None else _hits(instance, entry, table, said, host=host)
        result = SKIPPED if said is None else (NO_MATCH, MATCHED, MULTI_MATCH)[min(len(hits), 2)]
        found.attempts.append(
            Attempt(rule=rule.name, result=result, attributes=attributes, table=table)
        )
        if result == MATCHED:
            found.sys_id, found.entry = hits[0], entry["sys_id"]
            return found
        if result == MULTI_MATCH:
            found.error = "MULTIPLE_DUPLICATE_RECORDS"
            found.message = f"Found duplicate records in table [{table}] by {list(attributes)}"
            return found
    if all(one.result == SKIPPED for one in found.attempts):
        found.error = "MISSING_MATCHING_ATTRIBUTES"
        found.message = (
            "In payload missing minimum set of input values for criterion (matching) attributes"
            f" from identify rule for table [{rule.applies_to}]"
        )
    return found


def _by_source(instance: Instance, found: Identification, source: Values) -> bool:
    """A source that has told of an item before names it by a native identifier of its own."""
    wanted = (source.get("source_name", ""), source.get("source_native_key", ""))
    if not all(wanted):
        return False
    rows = instance.store.rows(
        'SELECT "target_sys_id" FROM "sys_object_source" WHERE "name" = ? AND "id" = ?', wanted
    )
    known = next((row[0] for row in rows if instance.row(ITEMS, row[0])), "")
    result = MATCHED if known else NO_MATCH
    info = f"sys_object_source {result}"
    found.attempts.append(Attempt(rule="", result=result, attributes=(), table="", info=info))
    found.sys_id = known
    return bool(known)


def _said(
    instance: Instance,
    entry: Row,
    attributes: tuple[str, ...],
    values: Values,
    lookup: Sequence[Beside],
) -> Values | None:
    """What is said of an entry's attributes; None where one is missing."""
    candidates: list[Values] = [values]
    if entry["table"] and instance.dictionary.knows(entry["table"]):
        candidates = [one.values for one in lookup if one.class_name == entry["table"]]
    for said in candidates:
        if all(said.get(name) for name in attributes):
            return {name: said[name] for name in attributes}
    return None


def _hits(instance: Instance, entry: Row, table: str, said: Values, *, host: str) -> list[str]:
    if not instance.dictionary.knows(table):
        return []
    rows = _equal(instance, table, said)
    if entry["table"]:
        reference = entry["referenced_field"] or "cmdb_ci"
        return list(dict.fromkeys(row[reference] for row in rows if row.get(reference)))
    hits = [row["sys_id"] for row in rows]
    return [one for one in hits if not host or host in related(instance, one)][:_ENOUGH]


def _equal(instance: Instance, table: str, said: Values) -> list[Row]:
    groups = tuple((Condition(name, "=", value),) for name, value in said.items())
    select = instance.compiler.compile(table, Query((groups,)), person=None)
    if select.dropped:
        return []  # an attribute that the table does not have tells nothing apart
    return instance.reader.rows(table, select, limit=None, offset=0)


def related(instance: Instance, item: str) -> frozenset[str]:
    """The sys_ids of what an item hangs on: what it is the parent of."""
    source = f'FROM "cmdb_rel_ci" {ALIAS} WHERE {ALIAS}."parent" = ?'
    rows = instance.reader.rows(
        "cmdb_rel_ci", SelectText(source, "", (item,)), limit=None, offset=0
    )
    return frozenset(row["child"] for row in rows)


def is_class(instance: Instance, name: str) -> bool:
    """Whether this is a class of configuration items."""
    return instance.knows(name) and ITEMS in instance.dictionary.ancestors(name)


def known_sources(instance: Instance) -> Mapping[str, str]:
    """The sources that may write items."""
    return instance.choices.labels(ITEMS, "discovery_source")
