"""Database views: the tables that describe them, and `incident_sla`, which every instance has."""

from simulator.data.dictionary_rows import write_rows
from simulator.data.store import Cell, Store
from simulator.data.sys_ids import stable_sys_id
from simulator.schema import Table, boolean, number, reference, text

VIEW = Table(
    name="sys_db_view",
    label="Database View",
    extends="sys_metadata",
    fields=(
        text("name", "Name", length=80, display=True, indexed=True),
        text("label", "Label", length=80),
        text("plural", "Plural", length=80),
        text("description", "Description", length=1000),
    ),
)

VIEW_TABLE = Table(
    name="sys_db_view_table",
    label="View Table",
    extends="sys_metadata",
    fields=(
        reference("view", "View", "sys_db_view", indexed=True),
        text("table", "Table", length=80, display=True),
        text("variable_prefix", "Variable prefix", length=40),
        text("where_clause", "Where clause", length=4000),
        number("order", "Order", default="100"),
        boolean("left_join", "Left join"),
        boolean("active", "Active", default="true"),
    ),
)

VIEW_FIELD = Table(
    name="sys_db_view_table_field",
    label="View Field",
    extends="sys_metadata",
    fields=(
        reference("view_table", "View table", "sys_db_view_table", indexed=True),
        text("field", "Field", length=80, display=True),
        number("order", "Order", default="100"),
    ),
)

VIEW_TABLES = (VIEW, VIEW_TABLE, VIEW_FIELD)

_INCIDENT_SLA = stable_sys_id("sys_db_view", "incident_sla")


def install_views(store: Store, *, moment: str) -> None:
    """Write the rows of `incident_sla` that are missing. `moment` is their creation."""
    with store.transaction():
        write_rows(store, "sys_metadata", [_view()], moment=moment)
        write_rows(store, "sys_metadata", _joined(), moment=moment)


def _view() -> dict[str, Cell]:
    return {
        "sys_id": _INCIDENT_SLA,
        "sys_class_name": VIEW.name,
        "name": "incident_sla",
        "label": "Incident SLA",
        "plural": "Incident SLAs",
        "sys_name": "incident_sla",
        "sys_scope": "global",
        "sys_package": "global",
    }


def _joined() -> list[dict[str, Cell]]:
    return [
        {
            "sys_id": stable_sys_id(VIEW_TABLE.name, "incident_sla", table),
            "sys_class_name": VIEW_TABLE.name,
            "view": _INCIDENT_SLA,
            "table": table,
            "variable_prefix": prefix,
            "where_clause": clause,
            "order": order,
            "left_join": "false",
            "active": "true",
            "sys_name": table,
            "sys_scope": "global",
            "sys_package": "global",
        }
        for table, prefix, clause, order in (
            ("incident", "inc", "", 100),
            ("task_sla", "taskslatable", "taskslatable_task = inc_sys_id", 200),
        )
    ]
