"""Which indexes a physical table has.

Where a table holds several classes (`task`), most lists are of one class; those that are filtered
by a reference or a state want the newest first, and mostly what is active. An index that has all of
that answers the count as well, without a look at the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.schema import Field, Storage

# One index for each within a class: what lists are ordered by.
_ORDERS = ("number", "opened_at", "sys_created_on", "sys_updated_on")
# Whose tasks people look at: the newest first, mostly those that are active.
_LISTED_BY = frozenset({"assigned_to", "assignment_group", "caller_id", "cmdb_ci"})
# A group has so many tasks that sorting them takes longer than reading them in order.
_CROWDED = "assignment_group"


@dataclass(frozen=True)
class Index:
    """One index; `only` is the condition on the rows in it."""

    table: str
    name: str
    columns: tuple[str, ...]
    only: str = ""

    @property
    def sql(self) -> str:
        """The statement that makes it, where it is missing."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        only = f" WHERE {self.only}" if self.only else ""
        return f'CREATE INDEX IF NOT EXISTS "{self.name}" ON "{self.table}" ({columns}){only}'


def indexes(table: str, fields: Sequence[Field], *, has_classes: bool) -> Iterator[Index]:
    """The indexes of a physical table with these columns."""
    for field in fields:
        if field.indexed:
            also = _within_class(field, fields) if has_classes else ()
            yield Index(table, f"{table}.{field.name}", (field.name, *also))
    if has_classes:
        yield from _of_classes(table, {field.name for field in fields})


def _within_class(field: Field, fields: Sequence[Field]) -> tuple[str, ...]:
    """What follows the field: nothing after a moment, which is a range and not one value."""
    if field.storage is Storage.MOMENT or field.name == "number":
        return ()
    wanted: tuple[str, ...] = ("sys_class_name",)
    if field.name in _LISTED_BY:
        wanted = ("sys_class_name", "active", "opened_at")
    elif field.choices:
        wanted = ("sys_class_name", "active")
    names = {one.name for one in fields}
    return tuple(name for name in wanted if name in names)


def _of_classes(table: str, names: set[str]) -> Iterator[Index]:
    orders = [name for name in _ORDERS if name in names]
    for order in orders:
        yield Index(table, f"{table}.sys_class_name.{order}", ("sys_class_name", order))
        if _CROWDED in names:
            columns = (_CROWDED, "sys_class_name", order)
            yield Index(table, f"{table}.{_CROWDED}.{order}", columns)
    if {"active", "opened_at"} <= names:
        # Few are active; with an index of their own SQLite knows that.
        yield Index(
            table, f"{table}.is_active", ("sys_class_name", "opened_at"), only="\"active\" = 'true'"
        )
