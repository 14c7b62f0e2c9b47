"""Classes of services, and the offerings that people subscribe to."""

from simulator.areas.cmdb.item_class import item_class
from simulator.schema import choice, number, reference, text, typed

SERVICE_TABLES = (
    item_class(
        "cmdb_ci_service",
        "Service",
        "cmdb_ci",
        text("number", "Number", indexed=True),
        choice("busines_criticality", "Business criticality"),
        choice("service_classification", "Service classification"),
        choice("service_status", "Service status"),
        text("used_for", "Used for", default="Production"),
        text("version", "Version", length=255),
        text("price_model", "Price model"),
        text("price_unit", "Price unit"),
        text("aliases", "Aliases", length=4000),
        text("service_owner_delegate", "Service owner delegate"),
        reference("parent", "Parent", "cmdb_ci_service", indexed=True),
        reference("user_group", "User group", "sys_user_group"),
        prefix="SNSVC",
    ),
    item_class("cmdb_ci_service_business", "Business Service", "cmdb_ci_service"),
    item_class("cmdb_ci_service_technical", "Technical Service", "cmdb_ci_service"),
    item_class(
        "cmdb_ci_service_auto", "Application Service", "cmdb_ci_service", choice("type", "Type")
    ),
    item_class(
        "cmdb_ci_service_discovered",
        "Mapped Application Service",
        "cmdb_ci_service_auto",
        text("bucket", "Bucket", length=80),
    ),
    item_class(
        "service_offering",
        "Service Offering",
        "cmdb_ci_service",
        number("order", "Order", default="100"),
        text("description", "Offering description", length=4000),
        typed("price", "Price", "float"),
        reference("contract", "Contract", "ast_contract"),
    ),
)
