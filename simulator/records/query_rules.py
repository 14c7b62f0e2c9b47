"""Business rules that run before a query: rows of `sys_script` with `action_query`.

They narrow what a read by a person finds, of their table and those that extend it; dot-walks and
what the instance itself reads are left alone. A rule adds its filter condition, and what its script
adds if that is understood. It runs for those who hold its roles and meet its condition.
"""

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.queries.parsing import Query, parse
from simulator.records.query_scripts import added, holds

_COLUMNS = ("collection", "filter_condition", "role_conditions", "condition", "script")
_ROWS = (
    'SELECT "collection", "filter_condition", "role_conditions", "condition", "script"'
    ' FROM "sys_metadata" WHERE "sys_class_name" = \'sys_script\' AND "active" = \'true\''
    " AND \"action_query\" = 'true' AND \"when\" = 'before'"
    ' ORDER BY coalesce("order", 100), rowid'
)

Rule = Mapping[str, str]


class QueryRules:
    """Those of one instance, kept until a rule is written."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store = store
        self._dictionary = dictionary
        self._rules: list[Rule] | None = None
        self._rules_of: dict[str, list[Rule]] = {}

    def forget(self) -> None:
        """Read the rows again: a rule, or the tables, have changed."""
        self._rules = None
        self._rules_of.clear()

    def queries(self, person: Person, table: str) -> list[Query]:
        """What a read of a table by a person has to match beside what they ask for."""
        found = self._rules_of.get(table)
        if found is None:
            found = self._rules_of[table] = self._read(table)
        narrowed = (_narrowing(rule, person) for rule in found)
        return [query for encoded in narrowed for query in map(parse, encoded) if query.filters]

    def _read(self, table: str) -> list[Rule]:
        if self._rules is None:
            rows = self._store.rows(_ROWS)
            self._rules = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        tables = self._dictionary.ancestors(table)
        return [rule for rule in self._rules if rule["collection"] in tables]


def _narrowing(rule: Rule, person: Person) -> list[str]:
    """What a rule adds to a query of a person: encoded queries that must all hold."""
    roles = frozenset(role for role in rule["role_conditions"].split(",") if role)
    if roles and not person.has_any(roles):
        return []
    if not holds(rule["condition"], person):
        return []
    return [rule["filter_condition"], added(rule["script"], person) or ""]
