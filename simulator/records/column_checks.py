"""What the dictionary asks of a record: mandatory columns filled, unique values not taken."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from functools import lru_cache

from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.errors import NotUnique, PolicyViolated
from simulator.records.rules import Change, Moment
from simulator.records.values import cell
from simulator.schema import Field
from simulator.switches import Switches


class ColumnChecks:
    """The checks of one instance."""

    def __init__(self, store: Store, dictionary: Dictionary, switches: Switches) -> None:
        self._store = store
        self._dictionary = dictionary
        self._switches = switches
        self._checked = lru_cache(maxsize=512)(self._found)

    def check(self, change: Change) -> None:
        """Raises PolicyViolated for an empty mandatory column, NotUnique for a value taken.

        An update is only held to what it changes: records may be older than the demand.
        """
        mandatory, unique = self._checked(change.table, self._dictionary.version)
        if self._switches.mandatory_columns:
            missing = [field.label for field in mandatory if _is_missing(change, field)]
            if missing:
                raise PolicyViolated(missing, terse=self._switches.terse_data_policies)
        for field in unique:
            if change.get(field.name) and change.changes(field.name):
                self._check_unique(change, field)

    def _found(self, table: str, _: int) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        fields = self._dictionary.fields_of(table).values()
        return (
            tuple(field for field in fields if field.mandatory),
            tuple(field for field in fields if field.unique and field.is_stored),
        )

    def _check_unique(self, change: Change, field: Field) -> None:
        value = change.get(field.name)
        found = self._store.scalar(
            f'SELECT 1 FROM "{self._dictionary.root(change.table)}"'
            f' WHERE "{field.name}" = ? AND "sys_id" <> ?',
            (cell(field, value), change.sys_id),
        )
        if found is not None:
            raise NotUnique(field.name, value=value)


def _is_missing(change: Change, field: Field) -> bool:
    if change.get(field.name) or change.entries.get(field.name):
        return False
    return change.operation is Moment.INSERT or change.changes(field.name)
