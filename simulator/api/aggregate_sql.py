"""Aggregates compiled to one SELECT."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass

from simulator.api.aggregate_request import (
    Aggregate,
    AggregateRequest,
    Function,
    GroupCondition,
    GroupOrder,
    Named,
)
from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell
from simulator.queries.columns import display_sql, value_sql
from simulator.queries.compiler import ALIAS, SelectText
from simulator.records.plans import stored_text
from simulator.schema import Storage

_EPOCH_DAY = 2440587.5  # 1970-01-01 00:00:00 as SQLite's julianday


@dataclass(frozen=True)
class AggregateSelect:
    """`sql` gives, of each group, value and shown text of each field, then each aggregate."""

    sql: str
    parameters: tuple[Cell, ...]


@dataclass(frozen=True)
class AggregateCompiler:
    """Compiles the requests of one instance."""

    dictionary: Dictionary

    def compile(
        self, asked: AggregateRequest, select: SelectText, *, only: str | None
    ) -> AggregateSelect:
        """The SELECT over the rows of `select`; of those in the JSON array `only`, if given."""
        columns = [sql for named in asked.groups for sql in self._of_group(named)]
        columns += [self._aggregate(aggregate) for aggregate in asked.aggregates]
        parameters = [*select.parameters]
        sql = f"SELECT {', '.join(columns) or '1'} {select.source}"
        if only is not None:
            word = "AND" if " WHERE " in select.source else "WHERE"
            sql += f' {word} {ALIAS}."sys_id" IN (SELECT value FROM json_each(?))'
            parameters.append(only)
        if asked.groups:
            sql += " GROUP BY " + ", ".join(self._text(named) for named in asked.groups)
        conditions = [self._condition(condition) for condition in asked.conditions]
        known = [condition for condition in conditions if condition is not None]
        if known and not asked.groups:
            sql += " GROUP BY NULL"  # SQLite before 3.39 wants a GROUP BY before a HAVING
        if known:
            sql += " HAVING " + " AND ".join(text for text, _ in known)
            parameters += [value for _, value in known]
        if asked.groups:
            sql += " ORDER BY " + ", ".join(self._order(asked))
        return AggregateSelect(sql, tuple(parameters))

    def _of_group(self, named: Named) -> tuple[str, str]:
        return self._text(named), self._shown(named)

    def _text(self, named: Named) -> str:
        return f"coalesce({stored_text(self.dictionary, named.path)}, '')"

    def _shown(self, named: Named) -> str:
        if not named.path.field.is_reference:
            return self._text(named)
        return f"coalesce({display_sql(self.dictionary, ALIAS, named.path)}, '')"

    def _aggregate(self, aggregate: Aggregate) -> str:
        if aggregate.of is None:
            return "count(*)"
        value = self._present(aggregate.of)
        if aggregate.function is Function.COUNT:
            return f"count({value})"
        if aggregate.function in (Function.MIN, Function.MAX):
            return f"{aggregate.function}({value})"
        if aggregate.of.path.field.type == "glide_duration":
            value = f"round((julianday({value}) - {_EPOCH_DAY}) * 86400)"
        # Whole numbers would overflow where their sum does; a REAL becomes large.
        return f"{aggregate.function}(CAST({value} AS REAL))"

    def _present(self, named: Named) -> str:
        """The stored value; NULL where it is empty, which every aggregate leaves out."""
        sql = value_sql(self.dictionary, ALIAS, named.path)
        return sql if named.path.field.storage is Storage.NUMBER else f"nullif({sql}, '')"

    def _condition(self, condition: GroupCondition) -> tuple[str, Cell] | None:
        value: Cell = condition.value
        if _is_number(condition.aggregate):
            try:
                value = float(condition.value)
            except ValueError:
                return None
        return f"{self._aggregate(condition.aggregate)} {condition.comparison} ?", value

    def _order(self, asked: AggregateRequest) -> list[str]:
        asked_for = [self._ordering(order) for order in asked.orders]
        return [*asked_for, *(self._sortable(named) for named in asked.groups)]

    def _ordering(self, order: GroupOrder) -> str:
        by = order.by
        sql = self._aggregate(by) if isinstance(by, Aggregate) else self._sortable(by)
        return f"{sql}{' DESC' if order.descending else ''}"

    def _sortable(self, named: Named) -> str:
        if named.path.field.storage is Storage.NUMBER:
            return value_sql(self.dictionary, ALIAS, named.path)
        return self._shown(named)


def _is_number(aggregate: Aggregate) -> bool:
    if aggregate.of is None or aggregate.function is Function.COUNT:
        return True
    if aggregate.function in (Function.AVG, Function.SUM):
        return True
    return aggregate.of.path.field.storage is Storage.NUMBER
