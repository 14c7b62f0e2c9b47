"""What happens when somebody adds, changes or deletes a column: rules of `sys_dictionary`."""

from collections.abc import Sequence

from simulator.areas.platform.table_rules import (
    find_table,
    give_number_column,
    is_built_in,
    name_from,
)
from simulator.data.added_tables import CUSTOM, NAME, RESERVED
from simulator.data.field_types import FIELD_TYPES
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
from simulator.schema import SYSTEM_FIELDS, Field
from simulator.switches import Switches

_COLUMN, _LABEL = "sys_dictionary", "sys_documentation"
_SYSTEM = frozenset(field.name for field in SYSTEM_FIELDS)
_LONGEST = 1_000_000
_DEFAULT_LENGTHS = {"reference": "32", "glide_list": "1024", "boolean": "40", "html": "65000"}


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Check new column", _COLUMN, _check_new, order=10, on=ON_INSERT),
        rule("Label new column", _COLUMN, _document, order=20, on=ON_INSERT, after=True),
        rule("Check changed column", _COLUMN, _check_changed, order=10, on=ON_UPDATE),
        rule("Follow column label", _COLUMN, _follow_label, order=20, on=ON_UPDATE, after=True),
        rule("Check deleted column", _COLUMN, _check_deleted, order=10, on=ON_DELETE),
        rule("Delete what a column had", _COLUMN, _clear, order=20, on=ON_DELETE, after=True),
        rule("Follow field label", _LABEL, _follow_document, order=20, after=True),
        rule("Number a table", "sys_number", _number, order=20, on=ON_INSERT, after=True),
    )


def _check_new(change: Change) -> None:
    table = find_table(change, change.get("name"))
    if table is None:
        raise DefinitionRefused(f"Table {change.get('name')[:80]} does not exist")
    if change.get("internal_type") == "collection":
        raise DefinitionRefused("A table is added as a record of sys_db_object")
    element = change.get("element") or name_from(change.get("column_label"))
    _check_name(element, table)
    change.set("element", element)
    label = change.get("column_label") or element.removeprefix("u_").replace("_", " ").capitalize()
    change.set("column_label", label)
    change.set("sys_name", label)
    change.set("internal_type", change.get("internal_type") or "string")
    _check_type(change)
    if not change.get("max_length"):
        change.set("max_length", _DEFAULT_LENGTHS.get(change.get("internal_type"), "40"))
    _check_length(change)
    for row in _namesakes(change, table):
        _check_namesake(change, row, table)


def _check_name(element: str, table: Row) -> None:
    if not NAME.fullmatch(element) or element in RESERVED or element.startswith("sys_"):
        raise DefinitionRefused(
            f"Invalid column name '{element[:80]}': a name has lower-case letters, digits and"
            " underscores, at most 80, and begins with a letter"
        )
    if not CUSTOM.fullmatch(element) and not CUSTOM.fullmatch(table["name"]):
        raise DefinitionRefused(
            f"Invalid column name '{element}': columns added to {table['name']} begin with u_ or x_"
        )


def _check_type(change: Change) -> None:
    kind, target = change.get("internal_type"), change.get("reference")
    if kind not in FIELD_TYPES or kind in ("collection", "GUID"):
        raise DefinitionRefused(f"Unknown type '{kind[:40]}'")
    if kind == "reference" and not target:
        raise DefinitionRefused("A reference column needs the table it refers to")
    if kind not in ("reference", "glide_list"):
        change.set("reference", "")
    elif target and find_table(change, target) is None:
        raise DefinitionRefused(f"Table {target[:80]} to refer to does not exist")


def _check_length(change: Change) -> None:
    length = change.get("max_length")
    if length and not 0 < int(length) <= _LONGEST:
        raise DefinitionRefused(f"A column is 1 to {_LONGEST} characters long")


def _namesakes(change: Change, table: Row) -> list[Row]:
    """Columns of this name in tables that share the physical table: of all its classes."""
    named = change.records.query(_COLUMN, f"element={change.get('element')}")
    others = [row for row in named if row["sys_id"] != change.sys_id]
    if not others:
        return []
    family = {row["name"] for row in _family(change, table)}
    return [row for row in others if row["name"] in family]


def _check_namesake(change: Change, other: Row, table: Row) -> None:
    element = change.get("element")
    related = {row["name"] for row in (*_above(change, table), *_below(change, table))}
    if other["name"] in related:
        raise DefinitionRefused(f"Column {element} already exists in table {other['name']}")
    if not _stored_alike(change.get("internal_type"), other["internal_type"]):
        raise DefinitionRefused(
            f"Column {element} exists in table {other['name']} with type {other['internal_type']}"
        )


def _stored_alike(kind: str, other: str) -> bool:
    return (
        Field(name="a", label="", type=kind).storage
        is Field(name="b", label="", type=other).storage
    )


def _above(change: Change, table: Row) -> list[Row]:
    """The table, and those it extends."""
    found = [table]
    while found[-1]["super_class"]:
        parent = change.records.row("sys_db_object", found[-1]["super_class"])
        if parent is None:
            break
        found.append(parent)
    return found


def _below(change: Change, table: Row) -> list[Row]:
    """The tables that extend it."""
    children = change.records.query("sys_db_object", f"super_class={table['sys_id']}")
    return [one for child in children for one in (child, *_below(change, child))]


def _family(change: Change, table: Row) -> list[Row]:
    top = _above(change, table)[-1]
    return [top, *_below(change, top)]


def _document(change: Change) -> None:
    label = change.get("column_label")
    row = {
        "name": change.get("name"),
        "element": change.get("element"),
        "label": label,
        "plural": f"{label}s",
        "language": "en",
    }
    acting = change.person.sys_id if change.person else None
    change.records.insert(_LABEL, row, as_user=acting)


def _check_changed(change: Change) -> None:
    for field in ("name", "element"):
        if change.changes(field):
            raise DefinitionRefused(f"The {field} of a column cannot be changed")
    if change.get("element") in _SYSTEM:
        raise DefinitionRefused(f"Column {change.get('element')} is kept by the system")
    if not change.get("column_label"):
        raise DefinitionRefused("A column needs a label")
    if not change.get("element"):
        return
    _check_length(change)
    if change.changes("internal_type") or change.changes("reference"):
        _check_other_type(change)


def _check_other_type(change: Change) -> None:
    if is_built_in(change.previous):
        raise DefinitionRefused("The type of a column that came with the instance stays")
    _check_type(change)
    before, now = change.before("internal_type"), change.get("internal_type")
    if not _stored_alike(before, now):
        raise DefinitionRefused(f"A column of type {before} cannot become {now}")


def _follow_label(change: Change) -> None:
    if change.changes("column_label"):
        for row in _documents(change):
            label = change.get("column_label")
            change.records.update(_LABEL, row["sys_id"], {"label": label})


def _documents(change: Change) -> list[Row]:
    table, element = change.get("name"), change.get("element")
    named = f"element={element}" if element else "elementISEMPTY"
    return change.records.query(_LABEL, f"name={table}^{named}^language=en")


def _follow_document(change: Change) -> None:
    """A label in English is that of the column, or of the table where there is no element."""
    if change.get("language") != "en" or not change.get("label"):
        return
    table, element = change.get("name"), change.get("element")
    if not NAME.fullmatch(table) or (element and not NAME.fullmatch(element)):
        return
    named = f"element={element}" if element else "elementISEMPTY"
    label = change.get("label")
    for row in change.records.query(_COLUMN, f"name={table}^{named}"):
        if row["column_label"] != label:
            change.records.update(_COLUMN, row["sys_id"], {"column_label": label})
    if not element:
        for row in change.records.query("sys_db_object", f"name={table}"):
            change.records.update("sys_db_object", row["sys_id"], {"label": label})


def _check_deleted(change: Change) -> None:
    element = change.get("element")
    if is_built_in(change.values) or element in _SYSTEM:
        raise DefinitionRefused(f"Column {element} came with the instance and cannot be deleted")
    if not element:
        raise DefinitionRefused("A table is deleted as a record of sys_db_object")


def _clear(change: Change) -> None:
    where = f"name={change.get('name')}^element={change.get('element')}"
    for table in ("sys_choice", _LABEL):
        for row in change.records.query(table, where):
            change.records.delete(table, row["sys_id"])


def _number(change: Change) -> None:
    """A table that gets numbers gets the column they are in, and says so."""
    table = find_table(change, change.get("category"))
    if table is None:
        return
    give_number_column(change, table["name"])
    if not table["number_ref"]:
        numbered = {"number_ref": change.sys_id}
        change.records.update("sys_db_object", table["sys_id"], numbered)
