"""Writes in the making: a record as it will be, from what is given and what is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.queries.javascript import PREFIX, evaluate
from simulator.records.journals import INPUTS
from simulator.records.rules import Change, Moment, Records
from simulator.records.values import storable
from simulator.schema import Field

SYSTEM = "system"
"""Who writes when nobody acts."""

Values = Mapping[str, str]


@dataclass(frozen=True)
class Drafts:
    """Drafts of one instance. `now` gives the present as it is stored."""

    dictionary: Dictionary
    now: Callable[[], str]
    records: Records

    def insertion(self, table: str, values: Values, *, person: Person | None) -> Change:
        """A new record: defaults, who inserts it and when, then `values`."""
        fields = self.dictionary.fields_of(table)
        at, author = self.now(), person.user_name if person else SYSTEM
        row = {
            name: self._default(one, person) if one.default.startswith(PREFIX) else one.default
            for name, one in fields.items()
            if one.is_stored
        }
        row |= {"sys_created_on": at, "sys_created_by": author, "sys_class_name": table}
        row |= {"sys_updated_on": at, "sys_updated_by": author}
        row |= _stored(fields, values)
        change = Change(table, Moment.INSERT, row, {}, person, at, self.records)
        change.entries |= _entries(fields, values)
        return change

    def update(
        self, table: str, previous: dict[str, str], values: Values, *, person: Person | None
    ) -> Change:
        """A record with some of its fields changed."""
        fields = self.dictionary.fields_of(table)
        row = previous | _stored(fields, values)
        change = Change(table, Moment.UPDATE, row, previous, person, self.now(), self.records)
        change.entries |= _entries(fields, values)
        return change

    def deletion(self, table: str, previous: dict[str, str], *, person: Person) -> Change:
        """A record that will be gone."""
        row = dict(previous)
        return Change(table, Moment.DELETE, row, previous, person, self.now(), self.records)

    def _default(self, field: Field, person: Person | None) -> str:
        """The value of a default that is a script; empty where nothing can evaluate it."""
        now = datetime.fromisoformat(f"{self.now()}+00:00")
        value = evaluate(field.default.removeprefix(PREFIX), person=person, now=now)
        return storable(field, value) if isinstance(value, str) else ""


def _stored(fields: Mapping[str, Field], values: Values) -> dict[str, str]:
    return {
        name: storable(fields[name], text)
        for name, text in values.items()
        if name in fields and fields[name].is_stored
    }


def _entries(fields: Mapping[str, Field], values: Values) -> dict[str, str]:
    return {
        name: values[name]
        for name in INPUTS
        if name in fields and not fields[name].is_stored and values.get(name)
    }
