"""Tables of scripts: business rules, script includes, client scripts, jobs, events."""

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

_META = "sys_metadata"

SCRIPT = Table(
    name="sys_script",
    label="Business Rule",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True, indexed=True),
        text("collection", "Table", length=80, indexed=True),
        boolean("active", "Active", default="true"),
        boolean("advanced", "Advanced"),
        choice("when", "When", default="before"),
        number("order", "Order", default="100"),
        boolean("action_insert", "Insert"),
        boolean("action_update", "Update"),
        boolean("action_delete", "Delete"),
        boolean("action_query", "Query"),
        typed("filter_condition", "Filter Conditions", "conditions", length=8000),
        typed("condition", "Condition", "string", length=254),
        typed("role_conditions", "Role conditions", "user_roles", length=255),
        boolean("abort_action", "Abort action"),
        boolean("add_message", "Add message"),
        typed("message", "Message", "html", length=4000),
        boolean("change_fields", "Change fields", default="true"),
        typed("template", "Template", "template_value", length=4000),
        typed("script", "Script", "script", length=65000),
        boolean("client_callable", "Client callable"),
        boolean("execute_function", "Execute function"),
        boolean("is_rest", "Web Service"),
        text("rest_service", "REST service", length=40),
        text("rest_service_text", "REST service name", length=40),
        text("rest_method", "REST method", length=40),
        text("rest_method_text", "REST method name", length=40),
        typed("rest_variables", "REST variables", "string", length=4000),
        number("priority", "Priority", default="100"),
        choice("access", "Accessible from", default="package_private"),
        text("description", "Description", length=4000),
    ),
)

SCRIPT_INCLUDE = Table(
    name="sys_script_include",
    label="Script Include",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True, indexed=True),
        text("api_name", "API Name", length=100),
        boolean("active", "Active", default="true"),
        boolean("client_callable", "Glide AJAX enabled"),
        boolean("mobile_callable", "Mobile callable"),
        boolean("sandbox_callable", "Sandbox enabled"),
        choice("access", "Accessible from", default="package_private"),
        choice("caller_access", "Caller Access"),
        text("description", "Description", length=4000),
        typed("script", "Script", "script_server", length=65000),
    ),
)

CLIENT_SCRIPT = Table(
    name="sys_script_client",
    label="Client Script",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        text("table", "Table", length=80, indexed=True),
        choice("type", "Type", default="onLoad"),
        choice("ui_type", "UI Type", default="0"),
        text("field", "Field name", length=80),
        boolean("active", "Active", default="true"),
        boolean("applies_extended", "Inherited"),
        boolean("global", "Global", default="true"),
        boolean("isolate_script", "Isolate script", default="true"),
        text("view", "View", length=80),
        text("messages", "Messages", length=4000),
        text("condition", "Condition", length=255),
        text("description", "Description", length=4000),
        number("order", "Order"),
        typed("script", "Script", "script", length=65000),
    ),
)

FIX_SCRIPT = Table(
    name="sys_script_fix",
    label="Fix Script",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        boolean("active", "Active", default="true"),
        boolean("before", "Run before update set"),
        boolean("record_for_rollback", "Record for rollback", default="true"),
        boolean("run_once", "Run once"),
        boolean("unloadable", "Unloadable"),
        text("description", "Description", length=4000),
        typed("script", "Script", "script_plain", length=65000),
    ),
)

JOB = Table(
    name="sysauto",
    label="Schedule Item",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        boolean("active", "Active", default="true"),
        choice("run_type", "Run", default="daily"),
        typed("run_time", "Time", "glide_time"),
        moment("run_start", "Starting"),
        typed("run_period", "Repeat Interval", "glide_duration"),
        number("run_dayofweek", "Day of week", default="1", choices=True),
        number("run_dayofmonth", "Day of month", default="1", choices=True),
        reference("run_as", "Run as", "sys_user"),
        text("run_as_tz", "Run as tz", length=40),
        text("time_zone", "Time zone", length=40),
        boolean("conditional", "Conditional"),
        typed("condition", "Condition", "script_plain", length=4000),
        boolean("upgrade_safe", "Upgrade safe"),
        reference("parent", "Parent", "sysauto"),
        number("max_drift", "Max drift"),
        boolean("advanced", "Advanced"),
    ),
)

SCRIPT_JOB = Table(
    name="sysauto_script",
    label="Scheduled Script Execution",
    extends="sysauto",
    fields=(typed("script", "Run this script", "script_plain", length=65000),),
)

REPORT_JOB = Table(
    name="sysauto_report",
    label="Scheduled Email of Report",
    extends="sysauto",
    fields=(
        reference("report", "Report", "sys_report"),
        typed("user_list", "Users", "glide_list", length=4000),
        typed("group_list", "Groups", "glide_list", length=4000),
        text("address_list", "Email addresses", length=4000),
        text("report_title", "Subject", length=255),
        typed("report_body", "Introductory message", "html", length=8000),
        choice("output_type", "Type", default="PDF"),
        boolean("zip_output", "Zip output"),
        boolean("omit_if_no_records", "Omit if no records"),
    ),
)

TEMPLATE_JOB = Table(
    name="sysauto_template",
    label="Scheduled Entity Generation",
    extends="sysauto",
    fields=(
        reference("template", "Template", "sys_template"),
        text("gen_table", "Generate this", length=80),
    ),
)

TEMPLATE = Table(
    name="sys_template",
    label="Template",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        text("table", "Table", length=80, indexed=True),
        boolean("active", "Active", default="true"),
        boolean("global", "Global"),
        reference("user", "User", "sys_user"),
        typed("group", "Group", "string", length=32),
        typed("roles", "Roles", "user_roles", length=255),
        text("short_description", "Short description", length=255),
        typed("template", "Template", "template_value", length=4000),
        boolean("show_on_template_bar", "Show on template bar"),
        reference("next", "Next template", "sys_template"),
        text("next_related_template", "Next related template", length=32),
        text("link_element", "Link element", length=80),
    ),
)

TRIGGER = Table(
    name="sys_trigger",
    label="Schedule",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True),
        moment("next_action", "Next action", indexed=True),
        number("state", "State", default="0", choices=True),
        number("trigger_type", "Trigger type", default="0", choices=True),
        number("trigger_class", "Trigger class"),
        text("document", "Document", length=80),
        text("document_key", "Document key", length=32),
        text("job_id", "Job ID", length=32),
        typed("job_context", "Job context", "string", length=8000),
        typed("repeat", "Repeat", "glide_duration"),
        number("run_count", "Run count"),
        number("run_dayofweek", "Day of week"),
        number("run_dayofmonth", "Day of month"),
        typed("run_time", "Run time", "glide_time"),
        text("system_id", "System ID", length=100),
        text("claimed_by", "Claimed by", length=100),
        number("priority", "Priority", default="100"),
        number("processing_duration", "Processing duration"),
        number("error_count", "Error count", default="0"),
        text("last_error", "Last error", length=4000),
        moment("scheduled_time", "Scheduled time"),
        typed("script", "Script", "script_plain", length=8000),
        text("time_zone", "Time zone", length=40),
        text("run_as", "Run as", length=32),
        boolean("upgrade_safe", "Upgrade safe"),
        number("max_drift", "Max drift"),
    ),
)

EVENT = Table(
    name="sysevent",
    label="Event",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        choice("state", "State", default="ready"),
        text("table", "Table", length=80),
        text("instance", "Instance", length=32, indexed=True),
        text("parm1", "Parm1", length=4000),
        text("parm2", "Parm2", length=4000),
        text("user_id", "User ID", length=32),
        text("user_name", "User name", length=80),
        moment("process_on", "Process on"),
        moment("processed", "Processed"),
        number("processing_duration", "Processing Duration"),
        text("queue", "Queue", length=80),
        text("claimed_by", "Claimed By", length=100),
        text("descriptive_name", "Descriptive name", length=255),
        text("uri", "URI", length=255),
        text("rolling_expiration", "Rolling expiration"),
    ),
)

EVENT_REGISTER = Table(
    name="sysevent_register",
    label="Event Registration",
    extends=_META,
    fields=(
        text("event_name", "Event name", length=100, display=True, indexed=True),
        text("suffix", "Suffix", length=100),
        text("table", "Table", length=80),
        text("fired_by", "Fired by", length=255),
        text("queue", "Queue", length=80),
        text("description", "Description", length=1000),
        number("priority", "Priority", default="100"),
        choice("caller_access", "Caller Access"),
    ),
)

SCRIPT_ACTION = Table(
    name="sysevent_script_action",
    label="Script Action",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        text("event_name", "Event name", length=100, indexed=True),
        boolean("active", "Active"),
        number("order", "Order", default="100"),
        typed("condition_script", "Condition script", "script", length=4000),
        typed("script", "Script", "script", length=65000),
        boolean("synchronous", "Synchronous"),
        text("description", "Description", length=4000),
    ),
)

SCRIPT_TABLES = (
    SCRIPT,
    SCRIPT_INCLUDE,
    CLIENT_SCRIPT,
    FIX_SCRIPT,
    JOB,
    SCRIPT_JOB,
    REPORT_JOB,
    TEMPLATE_JOB,
    TEMPLATE,
    TRIGGER,
    EVENT,
    EVENT_REGISTER,
    SCRIPT_ACTION,
)
