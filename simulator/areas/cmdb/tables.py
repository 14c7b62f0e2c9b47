"""Configuration items and their classes."""

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

CONFIGURATION_ITEM = Table(
    name="cmdb_ci",
    label="Configuration Item",
    audited=True,
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        *DOMAIN_FIELDS,
        text("name", "Name", length=255, display=True, indexed=True),
        text("short_description", "Description", length=1000),
        text("asset_tag", "Asset tag"),
        text("serial_number", "Serial number", length=255),
        text("category", "Category"),
        text("subcategory", "Subcategory"),
        choice("environment", "Environment"),
        number("install_status", "Status", default="1", choices=True),
        number("operational_status", "Operational status", default="1", choices=True),
        typed("ip_address", "IP Address", "ip_addr"),
        text("fqdn", "Fully qualified domain name", length=255),
        moment("install_date", "Installed"),
        text("correlation_id", "Correlation ID", length=1000),
        text("comments", "Comments", length=4000),
        boolean("unverified", "Requires verification"),
        reference("assigned_to", "Assigned to", "sys_user"),
        reference("managed_by", "Managed by", "sys_user"),
        reference("owned_by", "Owned by", "sys_user"),
        reference("supported_by", "Supported by", "sys_user"),
        reference("assignment_group", "Change Group", "sys_user_group"),
        reference("support_group", "Support group", "sys_user_group"),
        reference("company", "Company", "core_company"),
        reference("manufacturer", "Manufacturer", "core_company"),
        reference("vendor", "Vendor", "core_company"),
        reference("department", "Department", "cmn_department"),
        reference("location", "Location", "cmn_location"),
    ),
)

SERVICE = Table(
    name="cmdb_ci_service",
    label="Service",
    extends="cmdb_ci",
    fields=(
        choice("busines_criticality", "Business criticality"),
        text("service_classification", "Service classification"),
    ),
)

COMPUTER = Table(
    name="cmdb_ci_computer",
    label="Computer",
    extends="cmdb_ci",
    fields=(
        text("os", "Operating System", length=255),
        text("os_version", "OS Version", length=255),
        number("ram", "RAM (MB)"),
        number("cpu_count", "CPU count"),
    ),
)

SERVER = Table(
    name="cmdb_ci_server",
    label="Server",
    extends="cmdb_ci_computer",
    fields=(boolean("virtual", "Is Virtual"), text("used_for", "Used for")),
)

CMDB_TABLES = (CONFIGURATION_ITEM, SERVICE, COMPUTER, SERVER)
