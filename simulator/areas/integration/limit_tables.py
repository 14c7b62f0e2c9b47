"""How much may come in: rate limits by the hour, and how long a transaction may take."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
)

RATE_LIMIT = Table(
    name="sys_rate_limit_rules",
    label="Rate Limit Rule",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        boolean("active", "Active", default="true"),
        text("api", "REST API", length=100),
        text("api_path", "REST API path", length=255),
        text("version", "Version"),
        text("resource", "REST API resource", length=255),
        choice("http_method", "HTTP method"),
        text("table", "Table", length=80),
        number("request_limit", "Request limit per hour"),
        choice("type", "Apply to", default="all"),
        reference("role", "Role", "sys_user_role"),
        reference("user", "User", "sys_user"),
    ),
)

RATE_COUNT = Table(
    name="sys_rate_limit_count",
    label="Rate Limit Count",
    fields=(
        *SYSTEM_FIELDS,
        reference("rate_limit_rule", "Rate Limit Rule", "sys_rate_limit_rules", indexed=True),
        reference("user", "User", "sys_user"),
        moment("count_start", "Count start"),
        number("request_count", "Request count", default="0"),
    ),
)

RATE_VIOLATION = Table(
    name="sys_rate_limit_violations",
    label="Rate Limit Violation",
    fields=(
        *SYSTEM_FIELDS,
        reference("rate_limit_rule", "Rate Limit Rule", "sys_rate_limit_rules", indexed=True),
        reference("user", "User", "sys_user"),
        text("uri", "URI", length=1024),
    ),
)

QUOTA = Table(
    name="sysrule_quota",
    label="Transaction Quota Rule",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        boolean("active", "Active", default="true"),
        number("order", "Order", default="100"),
        choice("type", "Type", default="rest"),
        text("url", "URL", length=255),
        number("max_duration", "Maximum Duration (seconds)", default="60"),
        text("description", "Description", length=1000),
    ),
)

LIMIT_TABLES = (RATE_LIMIT, RATE_COUNT, RATE_VIOLATION, QUOTA)
