"""Tables of workflows and of flows."""

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

WORKFLOW = Table(
    name="wf_workflow",
    label="Workflow",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True, indexed=True),
        text("table", "Table", length=80, indexed=True),
        text("description", "Description", length=4000),
        choice("access", "Accessible from", default="package_private"),
        boolean("template", "Template"),
    ),
)

WORKFLOW_VERSION = Table(
    name="wf_workflow_version",
    label="Workflow Version",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True, indexed=True),
        reference("workflow", "Workflow", "wf_workflow", indexed=True),
        text("table", "Table", length=80),
        boolean("active", "Active", default="true"),
        boolean("published", "Published"),
        reference("checked_out_by", "Checked out by", "sys_user"),
        moment("checked_out", "Checked out"),
        typed("condition", "Condition", "conditions", length=4000),
        choice("condition_type", "If condition matches", default="none"),
        text("description", "Description", length=4000),
        number("order", "Order", default="100"),
        reference("start", "Start", "wf_activity"),
        boolean("run_multiple", "Run multiple"),
        choice("expected_time", "Expected time", default="none"),
        typed("schedule", "Schedule", "string", length=32),
        text("timezone", "Timezone", length=40),
        choice("result_value", "Result value"),
        boolean("on_cancel", "On cancel"),
        boolean("delivery_based_on", "Delivery based on"),
        number("max_activity_count", "Max activity count", default="100"),
        choice("validated", "Validated"),
    ),
)

ACTIVITY_DEFINITION = Table(
    name="wf_activity_definition",
    label="Activity Definition",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True, indexed=True),
        text("category", "Category", length=40),
        boolean("active", "Active", default="true"),
        text("description", "Description", length=4000),
        text("table", "Table", length=80),
        text("unique_activity_name", "Unique activity name", length=100),
        typed("script", "Script", "script_plain", length=65000),
    ),
)

ACTIVITY = Table(
    name="wf_activity",
    label="Workflow Activity",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True),
        reference("workflow_version", "Workflow version", "wf_workflow_version", indexed=True),
        reference("activity_definition", "Activity definition", "wf_activity_definition"),
        number("activity_definition_version", "Activity definition version"),
        reference("parent", "Parent", "wf_activity"),
        choice("stage", "Stage"),
        number("x", "X"),
        number("y", "Y"),
        number("width", "Width"),
        number("height", "Height"),
        number("timeout", "Timeout"),
        text("notes", "Notes", length=4000),
        text("input", "Input", length=4000),
        typed("vars", "Variables", "glide_var", length=4000),
        boolean("out_of_date", "Out of date"),
        boolean("is_parent", "Is parent"),
    ),
)

TRANSITION = Table(
    name="wf_transition",
    label="Workflow Transition",
    extends=_META,
    fields=(
        reference("from", "From", "wf_activity", indexed=True),
        reference("to", "To", "wf_activity"),
        reference("condition", "Condition", "wf_condition"),
        number("order", "Order"),
    ),
)

CONDITION = Table(
    name="wf_condition",
    label="Workflow Condition",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True),
        reference("activity", "Activity", "wf_activity", indexed=True),
        typed("condition", "Condition", "script", length=4000),
        boolean("else_flag", "Else"),
        text("event", "Event", length=40),
        text("short_description", "Short description", length=255),
    ),
)

CONTEXT = Table(
    name="wf_context",
    label="Workflow Context",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("workflow_version", "Workflow version", "wf_workflow_version", indexed=True),
        text("table", "Table", length=80),
        typed("id", "Related record", "document_id", length=32, indexed=True),
        choice("state", "State", default="executing"),
        boolean("active", "Active", default="true"),
        moment("started", "Started"),
        moment("ended", "Ended"),
        moment("due", "Due"),
        reference("started_by", "Started by", "sys_user"),
        text("result", "Result", length=255),
        reference("parent", "Parent", "wf_context"),
        text("after_business_rules", "After business rules"),
        choice("stage", "Stage"),
        typed("running_duration", "Running duration", "glide_duration"),
        typed("scratchpad", "Scratchpad", "name_values", length=8000),
        number("activity_count", "Activity count"),
    ),
)

HISTORY = Table(
    name="wf_history",
    label="Workflow Activity History",
    fields=(
        *SYSTEM_FIELDS,
        reference("context", "Context", "wf_context", indexed=True),
        reference("activity", "Activity", "wf_activity"),
        reference("workflow_version", "Workflow version", "wf_workflow_version"),
        number("activity_index", "Activity index"),
        moment("started", "Started"),
        moment("ended", "Ended"),
        moment("due", "Due"),
        choice("state", "State"),
        text("result", "Result", length=255),
        text("fault_description", "Fault description", length=4000),
        text("output", "Output", length=4000),
        number("order", "Order"),
        number("rolled_back_by", "Rolled back by"),
    ),
)

_FLOW_FIELDS = (
    text("name", "Name", length=100, display=True, indexed=True),
    text("internal_name", "Internal name", length=100),
    text("description", "Description", length=4000),
    boolean("active", "Active"),
    choice("status", "Status", default="draft"),
    choice("type", "Type", default="flow"),
    choice("access", "Accessible from", default="public"),
    choice("run_as", "Run As", default="user"),
    text("natlang", "Natlang", length=4000),
    text("annotation", "Annotation", length=4000),
    boolean("callable_by_client_api", "Callable by client API"),
    text("run_with_roles", "Run with roles", length=1000),
    text("authored_on_release_version", "Authored on release", length=40),
    text("version", "Version", length=40),
    text("category", "Category", length=80),
    text("copied_from", "Copied from", length=32),
    text("copied_from_name", "Copied from name", length=100),
    choice("flow_priority", "Flow priority", default="MEDIUM"),
    choice("sc_callable", "Callable from catalog"),
    text("remote_trigger_id", "Remote trigger", length=32),
)

FLOW_BASE = Table(
    name="sys_hub_flow_base",
    label="Flow Base",
    extends=_META,
    fields=_FLOW_FIELDS,
)

FLOW = Table(
    name="sys_hub_flow",
    label="Flow",
    extends="sys_hub_flow_base",
    fields=(
        typed("master_snapshot", "Master snapshot", "string", length=32),
        typed("latest_snapshot", "Latest snapshot", "string", length=32),
        text("pre_compiled", "Pre compiled"),
        boolean("show_draft_actions", "Show draft actions"),
        boolean("show_triggered_flows", "Show triggered flows"),
        boolean("compiler_build", "Compiler build"),
        text("substatus", "Substatus"),
        typed("label_cache", "Label cache", "string", length=65000),
    ),
)

ACTION_BASE = Table(
    name="sys_hub_action_type_base",
    label="Action Type Base",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True, indexed=True),
        text("internal_name", "Internal name", length=100),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        choice("access", "Accessible from", default="public"),
        text("category", "Category", length=80),
        text("annotation", "Annotation", length=4000),
        text("natlang", "Natlang", length=4000),
        boolean("system_level", "System level"),
    ),
)

ACTION_TYPE = Table(
    name="sys_hub_action_type_definition",
    label="Action Type",
    extends="sys_hub_action_type_base",
    fields=(
        choice("state", "State", default="draft"),
        text("action_template", "Action template", length=32),
        text("master_snapshot", "Master snapshot", length=32),
        text("latest_snapshot", "Latest snapshot", length=32),
        boolean("fail_on_error", "Fail on error"),
        typed("outputs", "Outputs", "string", length=8000),
    ),
)

COMPONENT = Table(
    name="sys_hub_flow_component",
    label="Flow Component",
    extends=_META,
    fields=(
        reference("flow", "Flow", "sys_hub_flow_base", indexed=True),
        number("order", "Order"),
        text("comment", "Comment", length=4000),
        text("display_text", "Display text", length=255),
        text("ui_id", "UI ID", length=40),
        text("parent_ui_id", "Parent UI ID", length=40),
        typed("attributes", "Attributes", "string", length=4000),
    ),
)

ACTION_INSTANCE = Table(
    name="sys_hub_action_instance",
    label="Flow Action Instance",
    extends="sys_hub_flow_component",
    fields=(
        reference("action_type", "Action type", "sys_hub_action_type_definition", indexed=True),
        text("action_type_parent", "Action type parent", length=32),
        typed("action_inputs", "Action inputs", "glide_var", length=8000),
        boolean("compiled_snapshot", "Compiled snapshot"),
        boolean("updation_source", "Updation source"),
    ),
)

TRIGGER_INSTANCE = Table(
    name="sys_hub_trigger_instance",
    label="Flow Trigger Instance",
    extends="sys_hub_flow_component",
    fields=(
        text("name", "Name", length=100),
        text("trigger_type", "Trigger type", length=80),
        text("trigger_definition", "Trigger definition", length=32),
        typed("trigger_inputs", "Trigger inputs", "glide_var", length=8000),
        text("event", "Event", length=80),
    ),
)

FLOW_CONTEXT = Table(
    name="sys_flow_context",
    label="Flow Execution",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True),
        reference("flow", "Flow", "sys_hub_flow_base", indexed=True),
        text("source_table", "Source table", length=80),
        typed("source_record", "Source record", "document_id", length=32, indexed=True),
        choice("state", "State", default="QUEUED"),
        choice("execution_domain", "Execution domain"),
        moment("run_time_start", "Started"),
        number("run_time", "Runtime"),
        text("calling_source", "Calling source", length=80),
        choice("type", "Type", default="flow"),
        text("error_message", "Error message", length=4000),
        choice("error_state", "Error state"),
        typed("stages", "Stages", "workflow", length=4000),
        reference("calling_flow", "Calling flow", "sys_flow_context"),
        text("reporting", "Reporting level"),
        boolean("wait_for", "Wait for"),
    ),
)

FLOW_TABLES = (
    WORKFLOW,
    WORKFLOW_VERSION,
    ACTIVITY_DEFINITION,
    ACTIVITY,
    CONDITION,
    TRANSITION,
    CONTEXT,
    HISTORY,
    FLOW_BASE,
    FLOW,
    ACTION_BASE,
    ACTION_TYPE,
    COMPONENT,
    ACTION_INSTANCE,
    TRIGGER_INSTANCE,
    FLOW_CONTEXT,
)
