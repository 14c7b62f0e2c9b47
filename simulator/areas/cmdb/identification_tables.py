"""How configuration items are told apart, and what sources have said of them."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    moment,
    number,
    reference,
    text,
    typed,
)

IDENTIFIER = Table(
    name="cmdb_identifier",
    label="CI Identifier",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True),
        typed("applies_to", "Applies to", "table_name", length=80, indexed=True),
        text("description", "Description", length=1000),
        boolean("active", "Active", default="true"),
        boolean("independent", "Independent", default="true"),
    ),
)

IDENTIFIER_ENTRY = Table(
    name="cmdb_identifier_entry",
    label="Identifier Entry",
    fields=(
        *SYSTEM_FIELDS,
        reference("identifier", "Identifier", "cmdb_identifier", indexed=True),
        text("attributes", "Criterion attributes", length=1000, display=True),
        typed("table", "Search on table", "table_name", length=80),
        text("referenced_field", "Referenced field", length=80),
        text("condition", "Condition", length=4000),
        number("order", "Priority", default="100"),
        boolean("active", "Active", default="true"),
        boolean("exact_count_match", "Enforce exact count match"),
        boolean("allow_null_attribute", "Allow null attribute"),
        boolean("allow_fallback", "Allow fallback to parent's rules"),
    ),
)

HOSTING = Table(
    name="cmdb_metadata_hosting",
    label="Hosting Rule",
    fields=(
        *SYSTEM_FIELDS,
        typed("parent_type", "Parent type", "table_name", length=80, indexed=True, display=True),
        typed("child_type", "Child type", "table_name", length=80, indexed=True),
        reference("rel_type", "Relationship type", "cmdb_rel_type"),
    ),
)

SERIAL_NUMBER = Table(
    name="cmdb_serial_number",
    label="Serial Number",
    fields=(
        *SYSTEM_FIELDS,
        text("serial_number", "Serial number", length=255, display=True, indexed=True),
        text("serial_number_type", "Serial number type", length=80),
        boolean("valid", "Valid", default="true"),
        boolean("absent", "Absent"),
        reference("cmdb_ci", "Configuration item", "cmdb_ci", indexed=True),
    ),
)

OBJECT_SOURCE = Table(
    name="sys_object_source",
    label="Source",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True),
        text("id", "ID", length=255, indexed=True),
        text("source_feed", "Source feed", length=255),
        moment("source_recency_timestamp", "Source recency timestamp"),
        moment("last_scan", "Last scan"),
        typed("target_table", "Target table", "table_name", length=80),
        typed("target_sys_id", "Target", "document_id", length=32, indexed=True),
    ),
)

INCOMPLETE = Table(
    name="cmdb_ire_incomplete_payloads",
    label="CMDB IRE Incomplete Payload",
    fields=(
        *SYSTEM_FIELDS,
        text("payload", "Payload", length=1_000_000),
        text("reason", "Reason", length=1000, display=True),
        text("source", "Source", length=80),
        text("status", "Status", default="pending"),
    ),
)

IDENTIFICATION_TABLES = (
    IDENTIFIER,
    IDENTIFIER_ENTRY,
    HOSTING,
    SERIAL_NUMBER,
    OBJECT_SOURCE,
    INCOMPLETE,
)
