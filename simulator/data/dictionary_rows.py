"""The dictionary as rows to query: tables, own fields, choices, numbers, dynamic filters."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable, Iterator

from simulator.data.dictionary import Dictionary
from simulator.data.store import Cell, Store
from simulator.data.sys_ids import stable_sys_id
from simulator.schema import ChoiceLists, Field

ME = "90d1921e5f510100a9ad2572f2b477fe"
MY_GROUPS = "d6435e965f510100a9ad2572f2b47744"

FIRST_NUMBER = 10000

MAINTENANCE = "glide.maint"
"""Who made what came with the instance; rows of the dictionary by somebody else change it."""


def install_dictionary(
    store: Store, dictionary: Dictionary, *, choices: ChoiceLists, moment: str
) -> None:
    """Write the rows that describe the tables, as far as they are missing.

    `moment` is their creation. Counters of numbers that are there go on.
    """
    with store.transaction():
        write_rows(store, "sys_db_object", _tables(dictionary), moment=moment)
        write_rows(store, "sys_dictionary", _fields(dictionary), moment=moment)
        write_rows(store, "sys_choice", _choices(choices), moment=moment)
        write_rows(store, "sys_number", _numbers(dictionary), moment=moment)
        write_rows(store, "sys_filter_option_dynamic", _dynamic_filters(), moment=moment)


def write_rows(store: Store, table: str, rows: Iterable[dict[str, Cell]], *, moment: str) -> None:
    """Write rows that come with the instance, as far as they are missing; all of one shape."""
    audit: dict[str, Cell] = {
        "sys_created_on": moment,
        "sys_created_by": MAINTENANCE,
        "sys_updated_on": moment,
        "sys_updated_by": MAINTENANCE,
        "sys_mod_count": 0,
    }
    full = [row | audit for row in rows]
    if not full:
        return
    columns = ", ".join(f'"{name}"' for name in full[0])
    places = ", ".join("?" for _ in full[0])
    store.write_many(
        f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({places})',
        [tuple(row.values()) for row in full],
    )


def _tables(dictionary: Dictionary) -> Iterator[dict[str, Cell]]:
    for table in dictionary.tables.values():
        numbered = stable_sys_id("sys_number", table.name) if table.prefix else ""
        yield {
            "sys_id": stable_sys_id("sys_db_object", table.name),
            "name": table.name,
            "label": table.label,
            "super_class": stable_sys_id("sys_db_object", table.extends) if table.extends else "",
            "number_ref": numbered,
            "is_extendable": _flag(len(dictionary.descendants(table.name)) > 1),
            "ws_access": _flag(table.web_services),
            "access": "public",
        }


def _fields(dictionary: Dictionary) -> Iterator[dict[str, Cell]]:
    for table in dictionary.tables.values():
        itself = Field(name="", label=table.label, type="collection", length=0)
        yield _field(table.name, itself) | {"audit": _flag(table.audited)}
        for field in table.fields:
            yield _field(table.name, field) | {"audit": "false"}


def _field(table: str, field: Field) -> dict[str, Cell]:
    return {
        "sys_id": stable_sys_id("sys_dictionary", table, field.name),
        "name": table,
        "element": field.name,
        "column_label": field.label,
        "internal_type": "reference" if field.names else field.type,
        "reference": field.reference or field.names,
        "max_length": field.length or None,
        "choice": 3 if field.choices else 0,
        "default_value": field.default,
        "mandatory": _flag(field.mandatory),
        "read_only": _flag(field.read_only),
        "display": _flag(field.display),
        "unique": _flag(field.unique or field.name == "sys_id"),
        "array": "false",
        "active": "true",
    }


def _choices(choices: ChoiceLists) -> Iterator[dict[str, Cell]]:
    for (table, element), labels in choices.items():
        for sequence, (value, label) in enumerate(labels.items()):
            yield {
                "sys_id": stable_sys_id("sys_choice", table, element, value),
                "name": table,
                "element": element,
                "value": value,
                "label": label,
                "language": "en",
                "sequence": sequence,
                "inactive": "false",
            }


def _numbers(dictionary: Dictionary) -> Iterator[dict[str, Cell]]:
    for name in dictionary.numbered_tables:
        yield {
            "sys_id": stable_sys_id("sys_number", name),
            "category": name,
            "prefix": dictionary.tables[name].prefix,
            "number": FIRST_NUMBER,
            "maximum_digits": 7,
        }


def _dynamic_filters() -> Iterator[dict[str, Cell]]:
    for sys_id, label, script, table in (
        (ME, "Me", "gs.getUserID()", "sys_user"),
        (MY_GROUPS, "One of My Groups", "getMyGroups()", "sys_user_group"),
    ):
        yield {
            "sys_id": sys_id,
            "label": label,
            "script": script,
            "field_type": "reference",
            "table": table,
            "active": "true",
        }


def _flag(value: bool) -> str:  # noqa: FBT001  # it is the value, not a switch
    return "true" if value else "false"
