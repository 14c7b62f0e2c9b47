"""What happens when somebody adds, changes or deletes a table: rules of `sys_db_object`."""

import re
from collections.abc import Sequence

from simulator.data.added_tables import CUSTOM, NAME
from simulator.data.dictionary_rows import MAINTENANCE
from simulator.errors import DefinitionRefused
from simulator.records.rules import (
    ON_DELETE,
    ON_INSERT,
    ON_UPDATE,
    BusinessRule,
    Change,
    Row,
    rule,
)
from simulator.schema import CLASS_FIELD, SYSTEM_FIELDS, Field
from simulator.switches import Switches

_TABLE = "sys_db_object"

# How a column says that it is numbered, and the name it gets with the numbers of a table.
NUMBERED = "javascript:global.getNextObjNumberPadded();"
NUMBER_COLUMN = Field(name="number", label="Number", default=NUMBERED, display=True)

_NOT_NAME = re.compile(r"[^a-z0-9]+")


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Check new table", _TABLE, _check_new, order=10, on=ON_INSERT),
        rule("Describe new table", _TABLE, _describe, order=20, on=ON_INSERT, after=True),
        rule("Check changed table", _TABLE, _check_changed, order=10, on=ON_UPDATE),
        rule("Follow table label", _TABLE, _follow_label, order=20, on=ON_UPDATE, after=True),
        rule("Check deleted table", _TABLE, _check_deleted, order=10, on=ON_DELETE),
        rule("Delete what a table had", _TABLE, _clear, order=20, on=ON_DELETE, after=True),
    )


def name_from(label: str) -> str:
    """The name that a label gives a new table or column: `u_my_thing` for `My thing`."""
    words = _NOT_NAME.sub("_", label.lower()).strip("_")
    return f"u_{words}" if words else ""


def find_table(change: Change, name: str) -> Row | None:
    """The row of a table by its name."""
    if not NAME.fullmatch(name):
        return None
    return next(iter(change.records.query(_TABLE, f"name={name}")), None)


def is_built_in(row: Row) -> bool:
    """Whether a row of the dictionary came with the instance."""
    return row.get("sys_created_by") == MAINTENANCE


def _check_new(change: Change) -> None:
    name = change.get("name") or name_from(change.get("label"))
    if not (NAME.fullmatch(name) and CUSTOM.fullmatch(name)):
        raise DefinitionRefused(
            f"Invalid table name '{name[:80]}': a name has lower-case letters, digits and"
            " underscores, at most 80, and begins with u_ or x_"
        )
    if find_table(change, name):
        raise DefinitionRefused(f"Table {name} already exists")
    change.set("name", name)
    words = name.partition("_")[2].replace("_", " ")
    change.set("label", change.get("label") or words.capitalize())
    change.set("sys_name", change.get("label"))
    _check_parent(change)
    if change.get("number_ref") and not change.records.row("sys_number", change.get("number_ref")):
        raise DefinitionRefused("The auto number of the table does not exist")


def _check_parent(change: Change) -> None:
    """The table it extends, by sys_id or by name."""
    given = change.get("super_class")
    if not given:
        return
    parent = change.records.row(_TABLE, given) or find_table(change, given)
    if parent is None:
        raise DefinitionRefused(f"Table {given[:80]} to extend does not exist")
    change.set("super_class", parent["sys_id"])


def _describe(change: Change) -> None:
    """The dictionary entries that every table has: of itself and of its system fields."""
    name, label = change.get("name"), change.get("label")
    _add(change, {"name": name, "column_label": label, "internal_type": "collection"})
    document = {"name": name, "label": label, "plural": f"{label}s", "language": "en"}
    change.records.insert("sys_documentation", document, as_user=_acting(change))
    if not change.get("super_class"):
        for field in (*SYSTEM_FIELDS, CLASS_FIELD):
            _add(change, column_row(name, field))
    if change.get("number_ref"):
        number = change.get("number_ref")
        change.records.update("sys_number", number, {"category": name}, as_user=_acting(change))
        give_number_column(change, name)


def give_number_column(change: Change, table: str) -> None:
    """Add `number` to a table, unless it has one or inherits it."""
    at: Row | None = find_table(change, table)
    while at is not None:
        if change.records.query("sys_dictionary", f"name={at['name']}^element=number"):
            return
        at = change.records.row(_TABLE, at["super_class"]) if at["super_class"] else None
    _add(change, column_row(table, NUMBER_COLUMN))


def column_row(table: str, field: Field) -> dict[str, str]:
    """A field as a row of `sys_dictionary`."""
    return {
        "name": table,
        "element": field.name,
        "column_label": field.label,
        "internal_type": field.type,
        "reference": field.reference,
        "max_length": str(field.length),
        "default_value": field.default,
        "read_only": "true" if field.read_only else "false",
        "display": "true" if field.display else "false",
        "unique": "true" if field.name == "sys_id" else "false",
    }


def _add(change: Change, row: dict[str, str]) -> None:
    change.records.insert("sys_dictionary", row, as_user=_acting(change))


def _acting(change: Change) -> str | None:
    return change.person.sys_id if change.person else None


def _check_changed(change: Change) -> None:
    for field in ("name", "super_class"):
        if change.changes(field):
            raise DefinitionRefused(f"The {field} of a table cannot be changed")
    if not change.get("label"):
        raise DefinitionRefused("A table needs a label")


def _follow_label(change: Change) -> None:
    if not change.changes("label"):
        return
    label, table = change.get("label"), change.get("name")
    for row in change.records.query("sys_dictionary", f"name={table}^internal_type=collection"):
        change.records.update("sys_dictionary", row["sys_id"], {"column_label": label})
    for row in change.records.query("sys_documentation", f"name={table}^elementISEMPTY"):
        change.records.update("sys_documentation", row["sys_id"], {"label": label})


def _check_deleted(change: Change) -> None:
    name = change.get("name")
    if is_built_in(change.values):
        raise DefinitionRefused(f"Table {name} came with the instance and cannot be deleted")
    children = change.records.query(_TABLE, f"super_class={change.sys_id}")
    if children:
        raise DefinitionRefused(f"Table {name} is extended by {children[0]['name']}")
    pointing = change.records.query("sys_dictionary", f"reference={name}^name!={name}")
    if pointing:
        where = f"{pointing[0]['name']}.{pointing[0]['element']}"
        raise DefinitionRefused(f"Table {name} is referenced by {where}")


def _clear(change: Change) -> None:
    """Its rows, and what describes it."""
    name = change.get("name")
    for row in change.records.query(name):
        change.records.delete(name, row["sys_id"])
    for table, field in (
        ("sys_dictionary", "name"),
        ("sys_dictionary_override", "name"),
        ("sys_documentation", "name"),
        ("sys_choice", "name"),
        ("sys_number", "category"),
    ):
        for row in change.records.query(table, f"{field}={name}"):
            change.records.delete(table, row["sys_id"])
