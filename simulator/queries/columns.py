"""SQL expressions for the value and the display value at the end of a dot-walk.

Scalar subqueries, not joins: SQLite joins at most 64 tables, and a task with all its references
and a few dot-walks would need more. Each subquery is one look-up by primary key.
"""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass

from simulator.data.dictionary import Dictionary, Path
from simulator.schema import Field, Storage


@dataclass(frozen=True)
class Column:
    """A stored field of one row source, by the alias of that source."""

    alias: str
    field: Field

    @property
    def sql(self) -> str:
        """The column in SQL, or what stands in the place of one."""
        if self.field.answer_to:
            return self.field.answer_to.replace("{row}", self.alias)
        return f'{self.alias}."{self.field.name}"'

    @property
    def is_number(self) -> bool:
        """Whether it is a number column: NULL when empty."""
        return self.field.storage is Storage.NUMBER

    @property
    def empty(self) -> str:
        """The condition that it is empty."""
        return f"{self.sql} IS NULL" if self.is_number else f"{self.sql} = ''"


def value_sql(dictionary: Dictionary, alias: str, path: Path) -> str:
    """The stored value at the end of a path; NULL where a reference on the way is empty."""
    if not path.steps:
        return Column(alias, path.field).sql if path.field.is_stored else "''"
    (_, reference), *rest = path.steps
    inner = f"{alias}_"
    value = value_sql(dictionary, inner, Path(tuple(rest), path.table, path.field))
    return _looked_up(dictionary, value, inner=inner, alias=alias, reference=reference)


def display_sql(dictionary: Dictionary, alias: str, path: Path) -> str:
    """What people see there: for a reference the display field of the record it points to."""
    if not path.field.is_reference:
        return value_sql(dictionary, alias, path)
    display = dictionary.display_field(path.field.reference)
    further = Path((*path.steps, (path.table, path.field)), path.field.reference, display)
    return display_sql(dictionary, alias, further)


def _looked_up(
    dictionary: Dictionary, value: str, *, inner: str, alias: str, reference: Field
) -> str:
    root = dictionary.root(reference.reference)
    return (
        f'(SELECT {value} FROM "{root}" {inner}'
        f' WHERE {inner}."sys_id" = {alias}."{reference.name}")'
    )
