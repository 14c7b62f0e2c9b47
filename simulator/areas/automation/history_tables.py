"""The history of records, made of their audit whenever it is read.

A real instance fills these tables when somebody looks at the history of a record. A set has the
sys_id of the record it is about, a line that of its row of `sys_audit`.
"""

# All names are fixed.
# ruff: noqa: S608

from simulator.schema import SYSTEM_FIELDS, Table, choice, moment, number, reference, text

_SYSTEM = ", ".join(
    f'a."{name}" AS "{name}"'
    for name in ("sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by")
)
_LABELLED = (
    '(SELECT d."column_label" FROM "sys_dictionary" d'
    ' WHERE d."element" = a."fieldname" AND d."name" = {table})'
)
# Its own column, or one that it inherits.
_LABEL = ", ".join(
    _LABELLED.format(table=table) for table in ('a."tablename"', "'task'", "'cmdb_ci'", "'cmdb'")
)
_PERSON = '(SELECT u."{column}" FROM "sys_user" u WHERE u."user_name" = a."user")'

HISTORY_SET = Table(
    name="sys_history_set",
    label="History Set",
    fields=(
        *SYSTEM_FIELDS,
        text("table", "Table", length=80, display=True),
        text("id", "Document ID", length=32),
        moment("load_time", "Load time"),
        number("last_update", "Last update"),
        text("line_table", "Line table", length=80),
    ),
    view=(
        f'SELECT min(a.rowid) AS rowid, a."documentkey" AS "sys_id", {_SYSTEM},'
        ' 0 AS "sys_mod_count", \'\' AS "sys_tags", a."tablename" AS "table",'
        ' a."documentkey" AS "id", max(a."sys_created_on") AS "load_time",'
        ' max(a."record_checkpoint") AS "last_update", \'sys_history_line\' AS "line_table"'
        ' FROM "sys_audit" a GROUP BY a."documentkey"'
    ),
)

HISTORY_LINE = Table(
    name="sys_history_line",
    label="History",
    fields=(
        *SYSTEM_FIELDS,
        reference("set", "Set", "sys_history_set"),
        text("field", "Field", length=80),
        text("label", "Label", length=80, display=True),
        text("old", "Old", length=65000),
        text("new", "New", length=65000),
        text("old_value", "Old value", length=65000),
        text("new_value", "New value", length=65000),
        text("type", "Type", length=40),
        choice("action", "Action"),
        number("update", "Update number"),
        moment("update_time", "Update time"),
        text("user", "User", length=80),
        text("user_name", "User name", length=80),
        text("user_id", "User ID", length=80),
        text("reason", "Reason", length=255),
        text("relation", "Relation", length=255),
        text("internal_checkpoint", "Internal checkpoint", length=32),
    ),
    view=(
        f'SELECT a.rowid AS rowid, a."sys_id" AS "sys_id", {_SYSTEM},'
        ' 0 AS "sys_mod_count", \'\' AS "sys_tags", a."documentkey" AS "set",'
        f' a."fieldname" AS "field", coalesce({_LABEL}, a."fieldname") AS "label",'
        ' a."oldvalue" AS "old", a."newvalue" AS "new",'
        ' a."oldvalue" AS "old_value", a."newvalue" AS "new_value",'
        ' \'audit\' AS "type", \'\' AS "action", a."record_checkpoint" AS "update",'
        ' a."sys_created_on" AS "update_time",'
        f' coalesce({_PERSON.format(column="name")}, a."user") AS "user",'
        ' a."user" AS "user_name",'
        f" coalesce({_PERSON.format(column='sys_id')}, '') AS \"user_id\","
        ' a."reason" AS "reason", \'\' AS "relation",'
        ' a."internal_checkpoint" AS "internal_checkpoint" FROM "sys_audit" a'
    ),
)
