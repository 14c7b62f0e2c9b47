"""The next number of a table, for `number` and for columns whose default asks for one."""

import re

from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.records.rules import Change

# The default of a column that takes the next number of its table.
NUMBERED = re.compile(r"javascript:\s*(?:global\.)?getNextObjNumberPadded\(\)")
_WIDEST = 40


def give_number(store: Store, dictionary: Dictionary, change: Change) -> None:
    """Number a new record, unless its numbers are given.

    A class without numbers of its own counts with the table it extends.
    """
    names = [
        name
        for name, one in dictionary.fields_of(change.table).items()
        if name == "number" or NUMBERED.match(one.default)
    ]
    if all(change.get(name) for name in names):
        return
    for table in dictionary.ancestors(change.table):
        rows = store.rows(
            'UPDATE "sys_number" SET "number" = "number" + 1 WHERE "category" = ?'
            ' RETURNING "prefix", "number", "maximum_digits"',
            (table,),
        )
        if rows:
            prefix, number, digits = rows[0]
            width = max(0, min(int(digits or 0), _WIDEST))
            text = f"{prefix}{int(number or 0):0{width}d}"
            for name in names:
                change.set(name, change.get(name) or text)
            return
