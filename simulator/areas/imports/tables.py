"""Import sets: staging tables, what becomes of their rows, and two staging tables to try."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

STAGING = "sys_import_set_row"

MULTI_SET = Table(
    name="sys_multi_import_set",
    label="Multi Import Set",
    fields=(
        *SYSTEM_FIELDS,
        text("number", "Number", display=True, indexed=True),
        choice("state", "State", default="loading"),
    ),
    prefix="MISET",
)

SET = Table(
    name="sys_import_set",
    label="Import Set",
    fields=(
        *SYSTEM_FIELDS,
        text("number", "Number", display=True, indexed=True),
        text("short_description", "Short description", length=160),
        text("table_name", "Table", length=80, indexed=True),
        choice("state", "State", default="loading"),
        choice("mode", "Mode", default="synchronous"),
        moment("load_completed", "Load completed"),
        reference("multi_import_set", "Multi import set", "sys_multi_import_set"),
        reference("run_after", "Run after", "sys_import_set"),
    ),
    prefix="ISET",
)

ROW = Table(
    name=STAGING,
    label="Import Set Row",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        reference("sys_import_set", "Set", "sys_import_set", indexed=True),
        number("sys_import_row", "Row"),
        choice("sys_import_state", "State", default="pending"),
        text("sys_import_state_comment", "Comment", length=4000),
        reference("sys_transform_map", "Transform map", "sys_transform_map"),
        typed("sys_target_table", "Target table", "table_name", length=80),
        typed("sys_target_sys_id", "Target record", "document_id", length=32),
        text("template_import_log", "Import log", length=65000),
    ),
)

RUN = Table(
    name="sys_import_set_run",
    label="Transform History",
    fields=(
        *SYSTEM_FIELDS,
        reference("set", "Set", "sys_import_set", indexed=True),
        choice("state", "State", default="running"),
        moment("completed", "Completed"),
        *(
            number(name, name.capitalize(), default="0")
            for name in ("total", "inserts", "updates", "ignored", "skipped", "errors")
        ),
    ),
)

MAP = Table(
    name="sys_transform_map",
    label="Table Transform Map",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("source_table", "Source table", length=80, indexed=True),
        text("target_table", "Target table", length=80),
        boolean("active", "Active", default="true"),
        number("order", "Order", default="100"),
        boolean("run_business_rules", "Run business rules", default="true"),
        boolean("copy_empty_fields", "Copy empty fields"),
        boolean(
            "create_new_record_on_empty_coalesce_fields",
            "Create new record on empty coalesce fields",
        ),
        choice("enforce_mandatory_fields", "Enforce mandatory fields", default="no"),
        boolean("run_script", "Run script"),
        text("script", "Script", length=65000),
    ),
)

ENTRY = Table(
    name="sys_transform_entry",
    label="Field Map",
    fields=(
        *SYSTEM_FIELDS,
        reference("map", "Map", "sys_transform_map", indexed=True),
        text("source_table", "Source table", length=80),
        text("source_field", "Source field", length=80, display=True),
        text("target_table", "Target table", length=80),
        text("target_field", "Target field", length=80),
        boolean("coalesce", "Coalesce"),
        boolean("coalesce_empty_fields", "Coalesce empty fields"),
        boolean("coalesce_case_sensitive", "Coalesce case sensitive"),
        choice("choice_action", "Choice action", default="create"),
        text("reference_value_field", "Referenced value field name", length=80),
        text("date_format", "Date format", length=40, default="yyyy-MM-dd HH:mm:ss"),
        boolean("use_source_script", "Use source script"),
        text("source_script", "Source script", length=65000),
    ),
)

INSERT_MULTIPLE = Table(
    name="sys_rest_insert_multiple",
    label="REST Insert Multiple",
    fields=(
        *SYSTEM_FIELDS,
        text("source_table", "Source table", length=80, display=True),
        choice("transformation", "Transformation", default="asynchronous"),
        choice("column_mapping", "Column mapping", default="label"),
        boolean("use_data_source_format", "Use data source format"),
    ),
)

IMPORTED_USER = Table(
    name="imp_user",
    label="Import User",
    extends=STAGING,
    fields=(
        text("user_id", "User ID"),
        text("first_name", "First name", length=50),
        text("last_name", "Last name", length=50),
        text("email", "Email", length=100),
        text("phone", "Phone"),
        text("title", "Title", length=60),
        text("department", "Department", length=100),
        text("location", "Location", length=100),
        text("manager", "Manager", length=100),
    ),
)

IMPORTED_INCIDENT = Table(
    name="u_incident_import",
    label="Incident Import",
    extends=STAGING,
    fields=(
        text("u_correlation_id", "Correlation ID", length=100),
        text("u_short_description", "Short description", length=160),
        text("u_description", "Description", length=4000),
        text("u_caller", "Caller", length=100),
        text("u_impact", "Impact"),
        text("u_urgency", "Urgency"),
        text("u_category", "Category"),
        text("u_assignment_group", "Assignment group", length=100),
        text("u_comments", "Comments", length=4000),
    ),
)

IMPORT_TABLES = (
    MULTI_SET,
    SET,
    ROW,
    RUN,
    MAP,
    ENTRY,
    INSERT_MULTIPLE,
    IMPORTED_USER,
    IMPORTED_INCIDENT,
)
