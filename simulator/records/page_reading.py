"""How a page of a large table is read: what its filter finds, sorted, or rows in their order.

SQLite decides that without knowing how many rows a filter matches. The instance does: it has
counted them for the answer's header. A filter that matches much is met again and again while rows
are read in order; of one that matches little the rows are best found first.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass

from simulator.data.store import Store
from simulator.queries.compiler import ALIAS, SelectText

# Below this, any way is fast.
_LARGE = 20_000
# Reading in order pays where at least one row in so many matches.
_DENSE = 100
_KEPT = 512


@dataclass(frozen=True)
class _Way:
    """What SQLite would do: whether an index finds what matches, and whether it is sorted then."""

    finds: bool
    sorts: bool


class PageReading:
    """Decides for one database: for tables of `large` rows or more.

    What SQLite would do is kept.
    """

    def __init__(self, store: Store, *, large: int = _LARGE) -> None:
        self._store = store
        self._large = large
        self._ways: dict[tuple[str, str], _Way] = {}

    def sql(self, columns: str, select: SelectText, *, total: int | None, reach: int) -> str:
        """The SELECT for a page that ends `reach` rows into the `total` that match, up to LIMIT."""
        rows = self._rows(select) if total is not None else 0
        source, order = select.source, select.order
        if total is not None and rows >= self._large:
            way = self._way(select, order)
            is_dense = total * _DENSE >= rows and reach * rows < 2 * total * total
            if is_dense and not (way.finds and not way.sorts):
                source = self._in_order(select)
            elif not way.finds and self._way(select, _sorted(order)).finds:
                order = _sorted(order)
        return f"SELECT {columns} {source} {order}"

    def _rows(self, select: SelectText) -> int:
        """About how many rows the physical table has."""
        return int(self._store.scalar(f'SELECT max(rowid) FROM "{select.root}"') or 0)

    def _in_order(self, select: SelectText) -> str:
        """The source, made to be read by the index of its order where there is one."""
        table = f'FROM "{select.root}" {ALIAS}'
        if select.ordered_by == "":
            return select.source.replace(table, f"{table} NOT INDEXED", 1)
        for name in (f"sys_class_name.{select.ordered_by}", select.ordered_by):
            index = f"{select.root}.{name}"
            if select.ordered_by and self._store.has_index(index):
                return select.source.replace(table, f'{table} INDEXED BY "{index}"', 1)
        return select.source

    def _way(self, select: SelectText, order: str) -> _Way:
        asked = (select.source, order)
        known = self._ways.get(asked)
        if known is None:
            if len(self._ways) >= _KEPT:
                self._ways.clear()
            known = self._ways[asked] = self._asked(select, order)
        return known

    def _asked(self, select: SelectText, order: str) -> _Way:
        steps = self._store.rows(
            f"EXPLAIN QUERY PLAN SELECT {ALIAS}.* {select.source} {order}", select.parameters
        )
        details = [step[3] for step in steps]
        by_class_alone = (
            details[0].endswith("(sys_class_name=?)") and ".is_active" not in details[0]
        )
        finds = details[0].startswith((f"SEARCH {ALIAS} ", "MULTI-INDEX OR")) and not by_class_alone
        return _Way(finds, any(detail == "USE TEMP B-TREE FOR ORDER BY" for detail in details))


def _sorted(order: str) -> str:
    """The order, so written that SQLite sorts instead of following an index of it."""
    return order.replace(f"ORDER BY {ALIAS}.", f"ORDER BY +{ALIAS}.").replace(
        f", {ALIAS}.", f", +{ALIAS}."
    )
