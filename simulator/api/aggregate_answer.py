"""The rows of an aggregate SELECT as the Aggregate API answers them: every number is a text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.api.aggregate_request import Aggregate, AggregateRequest, Function, Named
from simulator.data.store import Cell
from simulator.instance import Instance
from simulator.moments import as_duration
from simulator.records.rendering import Display, Page, Place, Rendering

Row = Sequence[Cell]
Shown = dict[str, object]


@dataclass(frozen=True)
class AggregateAnswer:
    """Makes the answer for one person; `display` says how the groups are named."""

    instance: Instance
    asked: AggregateRequest
    table: str
    display: Display
    page: Page

    def result(self, rows: Sequence[Row]) -> object:
        """One object without groups, else a list with one object for each group."""
        if not self.asked.groups:
            return {"stats": self._stats(rows[0]) if rows else {}}
        return [{"stats": self._stats(row), "groupby_fields": self._group(row)} for row in rows]

    def _stats(self, row: Row) -> Shown:
        stats: Shown = {}
        of_fields: dict[str, dict[str, str]] = {}
        values = row[2 * len(self.asked.groups) :]
        for aggregate, value in zip(self.asked.aggregates, values, strict=False):
            text = _text(aggregate, value)
            if aggregate.of is None:
                stats["count"] = text
            else:
                of_fields.setdefault(aggregate.function.value, {})[aggregate.of.name] = text
        return stats | of_fields

    def _group(self, row: Row) -> list[Shown]:
        return [self._field(named, 2 * at, row) for at, named in enumerate(self.asked.groups)]

    def _field(self, named: Named, at: int, row: Row) -> Shown:
        if self.display is Display.VALUES:
            return {"field": named.name, "value": row[at]}
        path = named.path
        render = Rendering(self.instance.dictionary, self.instance.choices).renderer(
            path.table,
            path.field,
            place=Place(value=at, display=at + 1, sys_id=at),
            display=Display.LABELS,
            links=False,
        )
        shown = render([str(cell) for cell in row], self.page)
        if self.display is Display.LABELS:
            return {"field": named.name, "value": shown}
        return {"field": named.name, "value": row[at], "display_value": shown}


def _text(aggregate: Aggregate, value: Cell) -> str:
    """A number as text: an average with four decimals, as in ServiceNow's own sample."""
    if value is None:
        return ""
    is_computed = aggregate.function in (Function.AVG, Function.SUM)
    if is_computed and aggregate.of and aggregate.of.path.field.type == "glide_duration":
        return as_duration(float(value))
    if aggregate.function is Function.AVG:
        return f"{float(value):.4f}"
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)
