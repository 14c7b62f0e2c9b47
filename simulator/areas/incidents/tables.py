"""`incident`, its tasks, and the interactions that lead to it."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

INCIDENT = Table(
    name="incident",
    label="Incident",
    extends="task",
    prefix="INC",
    fields=(
        reference("caller_id", "Caller", "sys_user", indexed=True),
        choice("category", "Category", default="inquiry"),
        choice("subcategory", "Subcategory"),
        number("incident_state", "Incident state", default="1", choices=True),
        number("severity", "Severity", default="3", choices=True),
        choice("notify", "Notify", default="1"),
        choice("close_code", "Resolution code"),
        number("hold_reason", "On hold reason", choices=True),
        reference("resolved_by", "Resolved by", "sys_user"),
        moment("resolved_at", "Resolved", indexed=True),
        reference("reopened_by", "Last reopened by", "sys_user"),
        moment("reopened_time", "Last reopened at"),
        number("reopen_count", "Reopen count", default="0"),
        number("child_incidents", "Child Incidents", default="0"),
        number("business_stc", "Business resolve time"),
        number("calendar_stc", "Resolve time"),
        text("business_impact", "Business impact", length=4000),
        text("cause", "Probable cause", length=4000),
        reference("caused_by", "Caused by Change", "change_request"),
        reference("parent_incident", "Parent Incident", "incident", indexed=True),
        reference("problem_id", "Problem", "problem"),
        reference("rfc", "Change Request", "change_request"),
        text("origin_table", "Origin table", length=80),
        text("origin_id", "Origin", length=32),
    ),
)

INCIDENT_TASK = Table(
    name="incident_task",
    label="Incident Task",
    extends="task",
    fields=(reference("incident", "Incident", "incident", indexed=True),),
)

INTERACTION = Table(
    name="interaction",
    label="Interaction",
    prefix="IMS",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("number", "Number", display=True, indexed=True),
        choice("type", "Type", default="phone"),
        choice("state", "State", default="new", indexed=True),
        text("short_description", "Short description", length=160),
        reference("opened_for", "Opened for", "sys_user", indexed=True),
        reference("opened_by", "Opened by", "sys_user"),
        moment("opened_at", "Opened"),
        moment("closed_at", "Closed"),
        reference("assigned_to", "Assigned to", "sys_user", indexed=True),
        reference("assignment_group", "Assignment group", "sys_user_group"),
        reference("location", "Location", "cmn_location"),
        text("context_table", "Context table", length=80),
        typed("context_document", "Context document", "document_id", length=32),
        typed("work_notes", "Work notes", "journal_input", length=4000),
    ),
)

INTERACTION_RECORD = Table(
    name="interaction_related_record",
    label="Interaction Related Record",
    fields=(
        *SYSTEM_FIELDS,
        reference("interaction", "Interaction", "interaction", indexed=True, display=True),
        typed("document_table", "Document table", "table_name", length=80),
        typed("document_id", "Document", "document_id", length=32, indexed=True),
        reference("task", "Task", "task"),
        choice("type", "Type", default="task"),
    ),
)

INCIDENT_TABLES = (INCIDENT, INCIDENT_TASK, INTERACTION, INTERACTION_RECORD)
