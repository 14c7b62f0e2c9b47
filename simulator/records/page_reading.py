"""How a page of a large table is read: what its filter finds, sorted, or rows in their order.

SQLite decides that without knowing how many rows a filter matches. The instance does: it has
counted them for the answer's header. A filter that matches much is met again and again while rows
are read in order; of one that matches little the rows are best found first.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from simulator.data.store import Store
from simulator.queries.compiler import ALIAS, SelectText

# Below this, any way is fast.
_LARGE = 20_000
# Reading in order pays where at least one row in so many matches.
_DENSE = 50
_KEPT = 512


class PageReading:
    """Decides for one database: for tables of `large` rows or more.

    What SQLite can use for a filter is kept.
    """

    def __init__(self, store: Store, *, large: int = _LARGE) -> None:
        self._store = store
        self._large = large
        self._found_by_index: dict[str, bool] = {}

    def sql(self, columns: str, select: SelectText, *, total: int | None, reach: int) -> str:
        """The SELECT for a page that ends `reach` rows into the `total` that match, up to LIMIT."""
        rows = self._rows(select) if total is not None else 0
        if total is None or rows < self._large:
            return f"SELECT {columns} {select.source} {select.order}"
        if total * _DENSE >= rows and reach * rows < 2 * total * total:
            return f"SELECT {columns} {self._in_order(select)} {select.order}"
        if self._has_index(select):
            return f"SELECT {columns} {select.source} {_sorted(select.order)}"
        return f"SELECT {columns} {select.source} {select.order}"

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

    def _has_index(self, select: SelectText) -> bool:
        """Whether an index finds what the filter matches, by more than its class."""
        known = self._found_by_index.get(select.source)
        if known is None:
            if len(self._found_by_index) >= _KEPT:
                self._found_by_index.clear()
            known = self._found_by_index[select.source] = self._asked(select)
        return known

    def _asked(self, select: SelectText) -> bool:
        steps = self._store.rows(
            f"EXPLAIN QUERY PLAN SELECT 1 {select.source} {_sorted(select.order)}",
            select.parameters,
        )
        detail = steps[0][3]
        return detail.startswith(f"SEARCH {ALIAS} ") and not detail.endswith("(sys_class_name=?)")


def _sorted(order: str) -> str:
    """The order, so written that SQLite sorts instead of following an index of it."""
    return order.replace(f"ORDER BY {ALIAS}.", f"ORDER BY +{ALIAS}.").replace(
        f", {ALIAS}.", f", +{ALIAS}."
    )
