"""What belongs to a change: templates, affected items, conflicts, boards, work in progress."""

from simulator.schema import (
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

TEMPLATE = Table(
    name="std_change_record_producer",
    label="Standard Change Template",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("short_description", "Short description", length=200),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        boolean("retired", "Retired"),
        typed("table_name", "Table name", "table_name", length=80, default="change_request"),
        reference("template", "Template", "sys_template"),
        reference("std_change_proposal", "Change proposal", "std_change_proposal"),
        reference("current_version", "Current version", "std_change_producer_version"),
        reference("owner", "Owner", "sys_user"),
        number("order", "Order", default="0"),
    ),
)

TEMPLATE_VERSION = Table(
    name="std_change_producer_version",
    label="Standard Change Template Version",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=200, display=True),
        number("version", "Version", default="1"),
        reference(
            "std_change_producer",
            "Standard Change Template",
            "std_change_record_producer",
            indexed=True,
        ),
        reference("std_change_proposal", "Change proposal", "std_change_proposal"),
        number("closed_change_count", "Closed change count", default="0"),
        number("successful_change_count", "Successful change count", default="0"),
        number("unsuccessful_change_count", "Unsuccessful change count", default="0"),
        number("percent_successful", "Percent successful", default="0"),
    ),
)

PROPOSAL = Table(
    name="std_change_proposal",
    label="Standard Change Proposal",
    extends="task",
    prefix="STDCHG",
    fields=(
        text("template_name", "Template name", length=100),
        typed("template_value", "Change Request values", "template_value", length=4000),
        choice("proposal_type", "Proposal type", default="1"),
        text("business_justification", "Business justification", length=4000),
        reference("std_change_producer", "Standard Change Template", "std_change_record_producer"),
        reference(
            "std_change_producer_version",
            "Standard Change Template version",
            "std_change_producer_version",
        ),
    ),
)

CONFLICT = Table(
    name="conflict",
    label="Conflict",
    fields=(
        *SYSTEM_FIELDS,
        reference("change", "Change", "change_request", indexed=True),
        choice("type", "Type"),
        reference("conflicting_change", "Conflicting change", "change_request"),
        reference("configuration_item", "Affected CI", "cmdb_ci"),
        reference("related_configuration_item", "Related CI", "cmdb_ci"),
        reference("impacted_service", "Impacted Service", "cmdb_ci"),
        reference("schedule", "Schedule", "cmn_schedule"),
        moment("last_checked", "Last checked"),
    ),
)

AFFECTED_ITEM = Table(
    name="task_ci",
    label="CIs Affected",
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        reference("task", "Task", "task", indexed=True),
        reference("ci_item", "Configuration Item", "cmdb_ci", indexed=True, display=True),
        boolean("manual_proposed_change", "Manual proposed change"),
        boolean("applied", "Applied"),
        moment("applied_date", "Applied date"),
    ),
)

IMPACTED_SERVICE = Table(
    name="task_cmdb_ci_service",
    label="Impacted Services/CIs",
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        reference("task", "Task", "task", indexed=True),
        reference("cmdb_ci_service", "Configuration item", "cmdb_ci", display=True),
        boolean("manually_added", "Manually added", default="true"),
    ),
)

IMPACTED_OFFERING = Table(
    name="task_service_offering",
    label="Impacted Service Offerings",
    fields=(
        *SYSTEM_FIELDS,
        *DOMAIN_FIELDS,
        reference("task", "Task", "task", indexed=True),
        reference("service_offering", "Service Offering", "cmdb_ci", display=True),
        boolean("manually_added", "Manually added", default="true"),
    ),
)

_FOR_ITEMS = (
    typed("source", "Source", "table_name", length=80, default="cmdb_ci"),
    typed("condition", "Condition", "conditions", length=4000),
)

MAINTENANCE = Table(
    name="cmn_schedule_maintenance",
    label="Maintenance Schedule",
    extends="cmn_schedule",
    fields=_FOR_ITEMS,
)

BLACKOUT = Table(
    name="cmn_schedule_blackout",
    label="Blackout Schedule",
    extends="cmn_schedule",
    fields=_FOR_ITEMS,
)

WORKER = Table(
    name="chg_mgt_worker",
    label="Change Management Worker",
    fields=(
        *SYSTEM_FIELDS,
        text("type", "Type"),
        number("state", "State", default="1", choices=True),
        text("request", "Request", length=4000),
        text("messages", "Messages", length=8000),
        text("payload", "Payload", length=65000),
        reference("task", "Task", "task", indexed=True),
        boolean("canceled", "Canceled"),
    ),
)

BOARD = Table(
    name="cab_definition",
    label="CAB Definition",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        reference("manager", "CAB manager", "sys_user"),
        typed("groups", "CAB groups", "glide_list", length=1024),
        typed("members", "CAB members", "glide_list", length=1024),
        typed("change_conditions", "Change conditions", "conditions", length=4000),
    ),
)

BOARD_MEETING = Table(
    name="cab_meeting",
    label="CAB Meeting",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=200, display=True),
        reference("cab_definition", "CAB definition", "cab_definition", indexed=True),
        reference("manager", "CAB manager", "sys_user"),
        moment("start", "Meeting start"),
        moment("end", "Meeting end"),
        choice("state", "State", default="pending"),
        text("meeting_notes", "Meeting notes", length=8000),
    ),
)

AGENDA_ITEM = Table(
    name="cab_agenda_item",
    label="CAB Agenda Item",
    fields=(
        *SYSTEM_FIELDS,
        reference("cab_meeting", "CAB meeting", "cab_meeting", indexed=True),
        reference("task", "Task", "task", display=True),
        choice("state", "State", default="pending"),
        number("order", "Order"),
        text("notes", "Notes", length=8000),
    ),
)

RELATED_TABLES = (
    TEMPLATE,
    TEMPLATE_VERSION,
    PROPOSAL,
    CONFLICT,
    AFFECTED_ITEM,
    IMPACTED_SERVICE,
    IMPACTED_OFFERING,
    MAINTENANCE,
    BLACKOUT,
    WORKER,
    BOARD,
    BOARD_MEETING,
    AGENDA_ITEM,
)
