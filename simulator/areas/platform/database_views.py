"""Database views: tables joined for reading. The instance comes with `incident_sla`.

A view has the fields of its tables with a prefix for each, and nobody writes to it.
"""

# Identifiers come from the dictionary.
# ruff: noqa: S608

from collections.abc import Mapping

from simulator.schema import (
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
)

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

_INCIDENT: tuple[Field, ...] = (
    reference("inc_sys_id", "Incident", "incident"),
    text("inc_number", "Number", display=True),
    text("inc_short_description", "Short description", length=160),
    number("inc_state", "State"),
    number("inc_priority", "Priority"),
    boolean("inc_active", "Active"),
    reference("inc_caller_id", "Caller", "sys_user"),
    reference("inc_assigned_to", "Assigned to", "sys_user"),
    reference("inc_assignment_group", "Assignment group", "sys_user_group"),
    moment("inc_opened_at", "Opened"),
)
_LEVEL: tuple[Field, ...] = (
    reference("taskslatable_sys_id", "Task SLA", "task_sla"),
    reference("taskslatable_task", "Task", "task"),
    reference("taskslatable_sla", "SLA definition", "contract_sla"),
    choice("taskslatable_stage", "Stage"),
    boolean("taskslatable_active", "Active"),
    boolean("taskslatable_has_breached", "Has breached"),
    moment("taskslatable_start_time", "Start time"),
    moment("taskslatable_end_time", "Stop time"),
    moment("taskslatable_planned_end_time", "Breach time"),
    Field(
        name="taskslatable_percentage", label="Actual elapsed percentage", type="float", length=40
    ),
)


def _selected(alias: str, prefix: str, fields: tuple[Field, ...]) -> str:
    return ", ".join(f'{alias}."{one.name.removeprefix(prefix)}" AS "{one.name}"' for one in fields)


_SYSTEM = ", ".join(f's."{field.name}" AS "{field.name}"' for field in SYSTEM_FIELDS)

INCIDENT_SLA = Table(
    name="incident_sla",
    label="Incident SLA",
    fields=(*SYSTEM_FIELDS, *_INCIDENT, *_LEVEL),
    # Pages are ordered by the number of a row, which a view has only if it selects one.
    view=(
        f"SELECT s.rowid AS rowid, {_SYSTEM}, {_selected('i', 'inc_', _INCIDENT)},"
        f" {_selected('s', 'taskslatable_', _LEVEL)}"
        ' FROM "task_sla" s JOIN "task" i ON i."sys_id" = s."task"'
        " WHERE i.\"sys_class_name\" = 'incident'"
    ),
)

VIEW_TABLES = (VIEW, VIEW_TABLE, INCIDENT_SLA)

JOINED: tuple[Mapping[str, str], ...] = (
    {"table": "incident", "variable_prefix": "inc", "order": "100"},
    {
        "table": "task_sla",
        "variable_prefix": "taskslatable",
        "order": "200",
        "where_clause": "taskslatable_task = inc_sys_id",
    },
)
