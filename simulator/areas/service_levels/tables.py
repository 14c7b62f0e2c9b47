"""Service levels: their definitions, what they come to on a task, and the schedules they follow."""

from simulator.schema import (
    CLASS_FIELD,
    DOMAIN_FIELDS,
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

DEFINITION = Table(
    name="contract_sla",
    label="SLA Definition",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        *DOMAIN_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        boolean("active", "Active", default="true"),
        choice("type", "Type", default="SLA"),
        choice("target", "Target"),
        typed("collection", "Table", "table_name", length=80, indexed=True),
        typed("duration", "Duration", "glide_duration"),
        reference("duration_type", "Duration type", "cmn_relative_duration"),
        choice("relative_duration_works_on", "Relative duration works on"),
        choice("schedule_source", "Schedule source", default="sla_definition"),
        text("schedule_source_field", "Schedule source field", length=255),
        reference("schedule", "Schedule", "cmn_schedule"),
        choice("timezone_source", "Timezone source", default="task.caller_id.time_zone"),
        text("timezone", "Timezone"),
        typed("start_condition", "Start condition", "conditions", length=4000),
        choice("when_to_cancel", "When to cancel", default="no_match"),
        typed("cancel_condition", "Cancel condition", "conditions", length=4000),
        typed("pause_condition", "Pause condition", "conditions", length=4000),
        choice("when_to_resume", "When to resume", default="no_match"),
        typed("resume_condition", "Resume condition", "conditions", length=4000),
        typed("stop_condition", "Stop condition", "conditions", length=4000),
        typed("reset_condition", "Reset condition", "conditions", length=4000),
        choice("reset_action", "Reset action", default="cancel"),
        boolean("retroactive", "Retroactive start"),
        boolean("retroactive_pause", "Retroactive pause", default="true"),
        text("set_start_to", "Set start to", length=80),
        boolean("enable_logging", "Enable logging"),
        reference("workflow", "Workflow", "wf_workflow"),
        reference("flow", "Flow", "sys_hub_flow"),
    ),
)

TASK_SLA = Table(
    name="task_sla",
    label="Task SLA",
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        reference("task", "Task", "task", indexed=True),
        reference("sla", "SLA definition", "contract_sla", indexed=True, display=True),
        choice("stage", "Stage", default="in_progress", indexed=True),
        boolean("active", "Active", default="true", indexed=True),
        boolean("has_breached", "Has breached"),
        moment("start_time", "Start time"),
        moment("end_time", "Stop time"),
        moment("planned_end_time", "Breach time", indexed=True),
        moment("original_breach_time", "Original breach time"),
        moment("pause_time", "Pause time"),
        typed("pause_duration", "Pause duration", "glide_duration"),
        typed("business_pause_duration", "Business pause duration", "glide_duration"),
        typed("duration", "Actual elapsed time", "glide_duration"),
        typed("business_duration", "Business elapsed time", "glide_duration"),
        typed("time_left", "Actual time left", "glide_duration"),
        typed("business_time_left", "Business time left", "glide_duration"),
        typed("percentage", "Actual elapsed percentage", "float"),
        typed("business_percentage", "Business elapsed percentage", "float"),
        reference("schedule", "Schedule", "cmn_schedule"),
        text("timezone", "Timezone"),
    ),
)

SCHEDULE = Table(
    name="cmn_schedule",
    label="Schedule",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True, indexed=True),
        text("description", "Description", length=1000),
        choice("type", "Type"),
        text("time_zone", "Time zone"),
        boolean("is_legacy_schedule", "Is legacy schedule"),
        boolean("read_only", "Read only"),
        reference("parent", "Parent", "cmn_schedule", indexed=True),
        typed("document", "Document", "table_name", length=80),
        typed("document_key", "Document key", "document_id", length=32),
    ),
)

SPAN = Table(
    name="cmn_schedule_span",
    label="Schedule Entry",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True),
        reference("schedule", "Schedule", "cmn_schedule", indexed=True),
        reference("parent", "Parent", "cmn_schedule_span"),
        choice("type", "Type"),
        choice("show_as", "Show as", default="busy"),
        typed("start_date_time", "When", "schedule_date_time"),
        typed("end_date_time", "To", "schedule_date_time"),
        boolean("all_day", "All day"),
        choice("repeat_type", "Repeats"),
        number("repeat_count", "Repeat every", default="1"),
        typed("repeat_until", "Repeat until", "schedule_date_time"),
        typed("days_of_week", "Days of week", "days_of_week"),
        boolean("override_start_time_zone", "Override start time zone"),
        text("notes", "Notes", length=4000),
        reference("user", "User", "sys_user"),
        reference("group", "Group", "sys_user_group"),
    ),
)

OTHER_SCHEDULE = Table(
    name="cmn_other_schedule",
    label="Child Schedule",
    fields=(
        *SYSTEM_FIELDS,
        reference("schedule", "Schedule", "cmn_schedule", indexed=True),
        reference("child_schedule", "Child schedule", "cmn_schedule", display=True),
        choice("type", "Type", default="include"),
        number("order", "Order"),
    ),
)

RELATIVE_DURATION = Table(
    name="cmn_relative_duration",
    label="Relative Duration",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        typed("script", "Script", "script", length=4000),
    ),
)

SERVICE_LEVEL_TABLES = (
    DEFINITION,
    TASK_SLA,
    SCHEDULE,
    SPAN,
    OTHER_SCHEDULE,
    RELATIVE_DURATION,
)
