"""What a table of the simulator is made of: the words in which each area declares its tables.

Types are ServiceNow's `internal_type` names. A table that extends another one lives in the
physical table of its topmost ancestor, with `sys_class_name` telling the classes apart: that is
how ServiceNow stores the task hierarchy, and it lets one index serve every class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

ChoiceLists = Mapping[tuple[str, str], Mapping[str, str]]
"""For (table, field): value to label, in the order people see them."""


class Storage(StrEnum):
    """How a field is stored and compared in SQLite."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    DATE = "date"
    JOURNAL = "journal"


_STORAGE = {
    "integer": Storage.NUMBER,
    "float": Storage.NUMBER,
    "decimal": Storage.NUMBER,
    "longint": Storage.NUMBER,
    "percent_complete": Storage.NUMBER,
    "order_index": Storage.NUMBER,
    "boolean": Storage.BOOLEAN,
    "glide_date_time": Storage.MOMENT,
    "due_date": Storage.MOMENT,
    "glide_duration": Storage.MOMENT,
    "glide_time": Storage.MOMENT,
    "glide_date": Storage.DATE,
    "journal_input": Storage.JOURNAL,
    "journal_list": Storage.JOURNAL,
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column: its name, label, ServiceNow type and, for references, the table it points to.

    A value may name a record of another table by its `name`: answers link to it, and `names` is
    that table. A field that is an `answer_to` something has no column: this is the SQL that looks
    it up, with `{row}` in the place of the row it belongs to.
    """

    name: str
    label: str
    type: str = "string"
    reference: str = ""
    length: int = 40
    choices: bool = False
    default: str = ""
    mandatory: bool = False
    read_only: bool = False
    indexed: bool = False
    display: bool = False
    unique: bool = False
    names: str = ""
    answer_to: str = ""

    @cached_property
    def storage(self) -> Storage:
        """How it is stored."""
        return _STORAGE.get(self.type, Storage.TEXT)

    @cached_property
    def is_reference(self) -> bool:
        """Whether it holds the sys_id of one record; a list of them is no reference."""
        return bool(self.reference) and self.type != "glide_list"

    @cached_property
    def is_stored(self) -> bool:
        """Journal fields have no column: their entries are rows of `sys_journal_field`."""
        return self.storage is not Storage.JOURNAL


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its own fields only; inherited ones are found through `extends`.

    A `view` is what SQL selects from other tables, and is only read; `joins` are the prefixes of
    its fields with the tables they are of.
    A table without `web_services` is refused by the REST APIs; changes to one that is `audited`, or
    extends such a table, are written to `sys_audit`. `variables` is the SQL by which the answer to
    a question is found that a client names as `variables.<name>`, with `{name}` in its place.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    extends: str = ""
    prefix: str = ""
    web_services: bool = True
    audited: bool = False
    view: str = ""
    joins: tuple[tuple[str, str], ...] = ()
    variables: str = ""

    @cached_property
    def references(self) -> frozenset[str]:
        """The tables that its own fields refer to."""
        return frozenset(field.reference for field in self.fields if field.reference)


def text(
    name: str, label: str, *, length: int = 40, display: bool = False, **more: object
) -> Field:
    """A string field."""
    return _field(name, label, type="string", length=length, display=display, **more)


def choice(name: str, label: str, *, default: str = "", **more: object) -> Field:
    """A string field whose values come from `sys_choice`."""
    return _field(name, label, type="string", choices=True, default=default, **more)


def number(
    name: str, label: str, *, default: str = "", choices: bool = False, **more: object
) -> Field:
    """An integer field."""
    return _field(name, label, type="integer", default=default, choices=choices, **more)


def boolean(name: str, label: str, *, default: str = "false", **more: object) -> Field:
    """A true/false field."""
    return _field(name, label, type="boolean", default=default, **more)


def date(name: str, label: str) -> Field:
    """A date field, stored as `YYYY-MM-DD`."""
    return typed(name, label, "glide_date")


def moment(name: str, label: str, **more: object) -> Field:
    """A date-time field, stored as `YYYY-MM-DD HH:MM:SS` in UTC."""
    return _field(name, label, type="glide_date_time", **more)


def reference(name: str, label: str, to: str, **more: object) -> Field:
    """A reference to a record of the table `to`."""
    return _field(name, label, type="reference", reference=to, length=32, **more)


def person_list(name: str, label: str) -> Field:
    """A comma-separated list of `sys_user` records."""
    return _field(name, label, type="glide_list", reference="sys_user", length=1024)


def typed(name: str, label: str, kind: str, *, length: int = 40, **more: object) -> Field:
    """A field of any other ServiceNow type."""
    return _field(name, label, type=kind, length=length, **more)


def _field(name: str, label: str, **more: object) -> Field:
    return Field(name=name, label=label, **more)  # type: ignore[arg-type]  # the callers type them


SYSTEM_FIELDS = (
    typed("sys_id", "Sys ID", "GUID", length=32, read_only=True),
    moment("sys_created_on", "Created", read_only=True, indexed=True),
    text("sys_created_by", "Created by", read_only=True),
    moment("sys_updated_on", "Updated", read_only=True, indexed=True),
    text("sys_updated_by", "Updated by", read_only=True),
    number("sys_mod_count", "Updates", default="0", read_only=True),
    text("sys_tags", "Tags", read_only=True),
)

CLASS_FIELD = typed("sys_class_name", "Class", "sys_class_name", length=80)

DOMAIN_FIELDS = (
    typed("sys_domain", "Domain", "domain_id", length=32, default="global", read_only=True),
    typed("sys_domain_path", "Domain Path", "domain_path", length=255, default="/", read_only=True),
)
