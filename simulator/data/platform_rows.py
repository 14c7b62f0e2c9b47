"""Rows about the instance that no area declares: its scope, field types, labels, operations."""

from collections.abc import Iterator

from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import write_rows
from simulator.data.field_types import FIELD_TYPES, scalar_type
from simulator.data.store import Cell, Store
from simulator.data.sys_ids import stable_sys_id

GLOBAL = "global"
DEFAULT_VIEW = "Default view"
# The view that has this sys_id, and no name, on every instance.
DEFAULT_VIEW_ID = "Default view"

_OPERATIONS = (
    *("create", "read", "write", "delete", "execute", "query_match", "query_range", "report_on"),
    *("report_view", "save_as_template", "add_to_list", "list_edit", "personalize_choices"),
    "edit_task_relations",
)
_KINDS = (
    *("record", "processor", "ui_page", "client_callable_script_include", "REST_Endpoint"),
    *("graphql", "ux_route", "ux_page"),
)


def install_platform(store: Store, dictionary: Dictionary, *, moment: str) -> None:
    """Write the rows that are missing. `moment` is their creation."""
    with store.transaction():
        write_rows(store, "sys_package", [_scope()], moment=moment)
        write_rows(store, "sys_metadata", [_view()], moment=moment)
        write_rows(store, "sys_glide_object", _types(), moment=moment)
        write_rows(store, "sys_documentation", _labels(dictionary), moment=moment)
        for table, names in (
            ("sys_security_operation", _OPERATIONS),
            ("sys_security_type", _KINDS),
        ):
            rows: list[dict[str, Cell]] = [{"sys_id": name, "name": name} for name in names]
            write_rows(store, table, rows, moment=moment)


def _scope() -> dict[str, Cell]:
    return {
        "sys_id": GLOBAL,
        "sys_class_name": "sys_scope",
        "name": "Global",
        "source": GLOBAL,
        "scope": GLOBAL,
        "short_description": "Global",
        "active": "true",
        "private": "false",
        "trackable": "true",
    }


def _view() -> dict[str, Cell]:
    return {
        "sys_id": DEFAULT_VIEW_ID,
        "sys_class_name": "sys_ui_view",
        "title": DEFAULT_VIEW,
        "sys_name": DEFAULT_VIEW,
        "sys_scope": GLOBAL,
        "sys_package": GLOBAL,
    }


def _types() -> Iterator[dict[str, Cell]]:
    for name, label in FIELD_TYPES.items():
        yield {
            "sys_id": stable_sys_id("sys_glide_object", name),
            "name": name,
            "label": label,
            "scalar_type": scalar_type(name),
            "visible": "true",
            "sys_scope": GLOBAL,
        }


def _labels(dictionary: Dictionary) -> Iterator[dict[str, Cell]]:
    for table in dictionary.tables.values():
        yield _label(table.name, "", table.label)
        for field in table.fields:
            yield _label(table.name, field.name, field.label)


def _label(table: str, element: str, label: str) -> dict[str, Cell]:
    return {
        "sys_id": stable_sys_id("sys_documentation", table, element),
        "name": table,
        "element": element,
        "language": "en",
        "label": label,
        "plural": f"{label}s",
    }
