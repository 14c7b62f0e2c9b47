"""How configuration items hang together, and when they were out."""

from simulator.schema import (
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

RELATION_TYPE = Table(
    name="cmdb_rel_type",
    label="CI Relationship Type",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("parent_descriptor", "Parent descriptor", length=80),
        text("child_descriptor", "Child descriptor", length=80),
    ),
)

RELATION = Table(
    name="cmdb_rel_ci",
    label="CI Relationship",
    fields=(
        *SYSTEM_FIELDS,
        reference("parent", "Parent", "cmdb_ci", indexed=True),
        reference("type", "Type", "cmdb_rel_type", display=True),
        reference("child", "Child", "cmdb_ci", indexed=True),
        choice("connection_strength", "Connection strength", default="always"),
        number("percent_outage", "Percent outage"),
        text("port", "Port"),
    ),
)

OUTAGE = Table(
    name="cmdb_ci_outage",
    label="Outage",
    prefix="OUT",
    fields=(
        *SYSTEM_FIELDS,
        text("number", "Number", indexed=True),
        text("short_description", "Short description", length=160, display=True),
        typed("details", "Details", "html", length=65000),
        choice("type", "Type", default="outage"),
        reference("cmdb_ci", "Configuration item", "cmdb_ci", indexed=True),
        reference("task_number", "Task number", "task", indexed=True),
        moment("begin", "Begin"),
        moment("end", "End"),
        typed("duration", "Duration", "glide_duration"),
    ),
)

SERVICE_ITEM = Table(
    name="svc_ci_assoc",
    label="Service Configuration Item Association",
    fields=(
        *SYSTEM_FIELDS,
        reference("service_id", "Service", "cmdb_ci_service", indexed=True),
        reference("ci_id", "Configuration Item", "cmdb_ci", indexed=True, display=True),
    ),
)

SOFTWARE_INSTANCE = Table(
    name="cmdb_software_instance",
    label="Software Instance",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=255, display=True),
        reference("software", "Software", "cmdb_ci_spkg", indexed=True),
        reference("installed_on", "Installed on", "cmdb_ci", indexed=True),
        moment("install_date", "Install date"),
        boolean("isactive", "Active", default="true"),
    ),
)

RELATION_TABLES = (RELATION_TYPE, RELATION, OUTAGE, SERVICE_ITEM, SOFTWARE_INSTANCE)
