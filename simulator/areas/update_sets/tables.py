"""Update sets: those made here, those retrieved from elsewhere, and what is in them."""

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

UPDATE_SET = Table(
    name="sys_update_set",
    label="Update Set",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=80, display=True, indexed=True, mandatory=True),
        choice("state", "State", default="in progress", indexed=True),
        reference("application", "Application", "sys_scope", default="global", indexed=True),
        text("description", "Description", length=4000),
        moment("release_date", "Release date"),
        boolean("is_default", "Default set"),
        reference("parent", "Parent", "sys_update_set", indexed=True),
        reference("base_update_set", "Batch Base", "sys_update_set"),
        reference("merged_to", "Merged To", "sys_update_set"),
        moment("completed_on", "Completed on"),
        reference("completed_by", "Completed by", "sys_user"),
        moment("install_date", "Install date"),
        text("installed_from", "Installed from", length=255),
        text("origin_sys_id", "Origin sys_id", length=32),
        reference("remote_sys_id", "Retrieved Update Set", "sys_remote_update_set"),
    ),
)

UPDATE = Table(
    name="sys_update_xml",
    label="Customer Update",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=255, display=True, indexed=True),
        text("type", "Type", length=80),
        text("target_name", "Target name", length=255),
        text("table", "Table", length=80),
        text("view", "View", length=80),
        typed("payload", "Payload", "xml", length=1_000_000),
        text("payload_hash", "Payload hash", length=40),
        choice("action", "Action", default="INSERT_OR_UPDATE"),
        choice("category", "Category", default="customer"),
        boolean("replace_on_upgrade", "Replace on upgrade"),
        text("comments", "Comments", length=4000),
        text("update_guid", "Update GUID", length=32),
        text("update_guid_history", "Update GUID history", length=4000),
        text("update_domain", "Update domain", length=32, default="global"),
        moment("sys_recorded_at", "Recorded at"),
        reference("application", "Application", "sys_scope", default="global"),
        reference("update_set", "Update set", "sys_update_set", indexed=True),
        reference("remote_update_set", "Remote update set", "sys_remote_update_set", indexed=True),
    ),
)

RETRIEVED = Table(
    name="sys_remote_update_set",
    label="Retrieved Update Set",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=80, display=True, indexed=True),
        choice("state", "State", default="loaded"),
        text("description", "Description", length=4000),
        moment("release_date", "Release date"),
        reference("application", "Application", "sys_scope"),
        text("application_name", "Application name", length=100),
        text("application_scope", "Application scope", length=18),
        text("application_version", "Application version"),
        text("remote_sys_id", "Remote sys_id", length=32, indexed=True),
        text("origin_sys_id", "Origin sys_id", length=32),
        reference("parent", "Parent", "sys_remote_update_set"),
        reference("remote_base_update_set", "Batch Base", "sys_remote_update_set"),
        reference("update_set", "Update set", "sys_update_set"),
        reference("update_source", "Update source", "sys_update_set_source"),
        moment("commit_date", "Committed"),
        number("inserted", "Inserted", default="0"),
        number("updated", "Updated", default="0"),
        number("deleted", "Deleted", default="0"),
        number("collisions", "Collisions", default="0"),
        text("summary", "Summary", length=4000),
    ),
)

SOURCE = Table(
    name="sys_update_set_source",
    label="Remote Instance",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True),
        typed("url", "URL", "url", length=255),
        text("instance_id", "Instance ID", length=32, indexed=True),
        text("instance_name", "Instance name", length=80),
        choice("type", "Type"),
        text("username", "User name", length=80),
        typed("password", "Password", "password2", length=255),
        boolean("active", "Active", default="true"),
        text("short_description", "Short description", length=1000),
    ),
)

PROBLEM = Table(
    name="sys_update_preview_problem",
    label="Update Set Preview Problem",
    fields=(
        *SYSTEM_FIELDS,
        choice("type", "Type"),
        choice("status", "Status"),
        text("description", "Description", length=1000, display=True),
        reference("remote_update_set", "Remote update set", "sys_remote_update_set", indexed=True),
        reference("remote_update", "Remote update", "sys_update_xml"),
        reference("local_update", "Local update", "sys_update_xml"),
        text("available_actions", "Available actions", length=255),
    ),
)

VERSION = Table(
    name="sys_update_version",
    label="Version",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=255, display=True, indexed=True),
        text("record_name", "Record name", length=255),
        text("type", "Type", length=80),
        choice("state", "State", default="current"),
        choice("action", "Action", default="INSERT_OR_UPDATE"),
        typed("payload", "Payload", "xml", length=1_000_000),
        typed("source", "Source", "document_id", length=32, indexed=True),
        typed("source_table", "Source table", "table_name", length=80),
        text("update_guid", "Update GUID", length=32),
        moment("sys_recorded_at", "Recorded at"),
        reference("application", "Application", "sys_scope", default="global"),
    ),
)

LOG = Table(
    name="sys_update_set_log",
    label="Update Set Log",
    fields=(
        *SYSTEM_FIELDS,
        reference("update_set", "Update set", "sys_update_set", indexed=True),
        reference("remote_update_set", "Remote update set", "sys_remote_update_set", indexed=True),
        reference("update", "Update", "sys_update_xml"),
        choice("type", "Type"),
        text("log", "Log", length=4000, display=True),
    ),
)

TRACKER = Table(
    name="sys_execution_tracker",
    label="Execution Tracker",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=255, display=True),
        number("state", "State", default="0", choices=True),
        number("percent_complete", "Percent complete", default="0"),
        text("message", "Message", length=4000),
        text("detail_message", "Detailed message", length=4000),
        text("result", "Result", length=8000),
        typed("source", "Source", "document_id", length=32),
        typed("source_table", "Source table", "table_name", length=80),
        moment("start_time", "Start time"),
        moment("completion_time", "Completion time"),
    ),
)

UPDATE_SET_TABLES = (
    UPDATE_SET,
    UPDATE,
    RETRIEVED,
    SOURCE,
    PROBLEM,
    VERSION,
    LOG,
    TRACKER,
)
