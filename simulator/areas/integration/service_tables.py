"""The catalogue of REST APIs: each a definition, with an operation for each of its resources."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    reference,
    text,
)

DEFINITION = Table(
    name="sys_ws_definition",
    label="Scripted REST Service",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("service_id", "API ID", length=100),
        text("namespace", "API namespace", length=80),
        text("base_uri", "Base API path", length=255, indexed=True),
        text("short_description", "Short description", length=160),
        boolean("active", "Active", default="true"),
        boolean("enforce_acl", "Enforce ACL"),
    ),
)

OPERATION = Table(
    name="sys_ws_operation",
    label="Scripted REST Resource",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        reference("web_service_definition", "API definition", "sys_ws_definition", indexed=True),
        choice("http_method", "HTTP method"),
        text("relative_path", "Relative path", length=255),
        text("operation_uri", "Resource path", length=255),
        text("short_description", "Short description", length=160),
        text("operation_script", "Script", length=65000),
        text("produces", "Produces", length=255, default="application/json"),
        text("consumes", "Consumes", length=255, default="application/json"),
        boolean("active", "Active", default="true"),
        boolean("requires_authentication", "Requires authentication", default="true"),
        boolean("requires_acl_authorization", "Requires ACL authorization", default="true"),
    ),
)

SERVICE_TABLES = (DEFINITION, OPERATION)
