"""Labels of choice fields, from `sys_choice`; kept until something is written there."""

from simulator.data.dictionary import Dictionary
from simulator.data.store import Store

Labels = dict[str, str]


class Choices:
    """Value to label and label to value, for each field of each table."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self._store = store
        self._dictionary = dictionary
        self._labels: dict[tuple[str, str], Labels] = {}

    def forget(self) -> None:
        """Read `sys_choice` again: somebody wrote there."""
        self._labels.clear()

    def labels(self, table: str, field: str) -> Labels:
        """Value to label; choices of a class win over those of the table it extends as a whole."""
        found = self._labels.get((table, field))
        if found is None:
            found = self._labels[table, field] = self._read(table, field)
        return found

    def value(self, table: str, field: str, *, label: str) -> str:
        """The value behind a label, in any case; a text that is no label is the value itself."""
        wanted = label.casefold()
        labels = self.labels(table, field)
        return next((value for value, text in labels.items() if text.casefold() == wanted), label)

    def _read(self, table: str, field: str) -> Labels:
        for name in self._dictionary.ancestors(table):
            rows = self._store.rows(
                'SELECT "value", "label" FROM "sys_choice" WHERE "name" = ? AND "element" = ?'
                ' AND "language" = \'en\' ORDER BY "sequence"',
                (name, field),
            )
            if rows:
                return {row[0]: row[1] for row in rows}
        return {}
