"""What a client sends, made storable: text for every field, display values resolved."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

import re
from collections.abc import Mapping

from simulator.access.people import Person
from simulator.data.choices import Choices
from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.schema import Field, Storage

_SYS_ID = re.compile(r"[0-9a-fA-F]{32}")
_TRUE = frozenset({"true", "1", "yes"})


def given_text(value: object) -> str:
    """A JSON value as text: null is empty, of `{"value": …}` it is the value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return given_text(value.get("value") or value.get("display_value"))
    return str(value) if isinstance(value, (str, int, float)) else ""


def storable(field: Field, text: str) -> str:
    """A value as its field keeps it: a boolean, a number or nothing, a string cut to its length."""
    if field.storage is Storage.BOOLEAN:
        return "true" if text.strip().lower() in _TRUE else "false"
    if field.storage is Storage.NUMBER:
        return _number(field, text.strip())
    if field.type == "string" and field.length:
        return text[: field.length]
    return text


def cell(field: Field, text: str) -> Cell:
    """A value as its column takes it."""
    return (text or None) if field.storage is Storage.NUMBER else text


def _number(field: Field, text: str) -> str:
    try:
        return str(float(text) if field.type in ("float", "decimal") else int(text))
    except ValueError:
        return ""


class DisplayValues:
    """Turns what people see into what is stored (`sysparm_input_display_value=true`)."""

    def __init__(self, store: Store, dictionary: Dictionary, choices: Choices) -> None:
        self._store = store
        self._dictionary = dictionary
        self._choices = choices

    def value(self, table: str, field: Field, text: str, *, person: Person) -> str:
        """The value behind a display value; the text itself where nothing has that name."""
        if field.is_reference:
            return self.referenced(field, text)
        if field.choices:
            return self._choices.value(table, field.name, label=text)
        if field.type in ("glide_date_time", "due_date"):
            return person.entered(text)
        if field.storage is Storage.DATE:
            return person.entered_date(text)
        if field.type == "glide_list" and field.reference:
            named = (one.strip() for one in text.split(","))
            return ",".join(self.listed(field, one) for one in named if one)
        return text

    def listed(self, field: Field, name: str) -> str:
        """One entry of a list: a sys_id as it is, a name resolved; an address stays one."""
        return name if _SYS_ID.fullmatch(name) else self.referenced(field, name)

    def referenced(self, field: Field, text: str) -> str:
        """The sys_id of the record meant: by display value, a person by user name too."""
        target = field.reference
        root = self._dictionary.root(target)
        names = [self._dictionary.display_field(target).name]
        if target == "sys_user":
            names.append("user_name")
        for name in names:
            found = self._store.scalar(f'SELECT "sys_id" FROM "{root}" WHERE "{name}" = ?', (text,))
            if found:
                return str(found)
        return text
