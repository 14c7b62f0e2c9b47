"""Assets: what is owned, where it is kept and moved, and the contracts that cover it."""

from simulator.areas.assets.contract_tables import CONTRACT_TABLES
from simulator.schema import (
    CLASS_FIELD,
    DOMAIN_FIELDS,
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    date,
    moment,
    number,
    reference,
    text,
    typed,
)

ASSET = Table(
    name="alm_asset",
    label="Asset",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        *DOMAIN_FIELDS,
        text("display_name", "Display name", length=255, display=True),
        text("asset_tag", "Asset tag", indexed=True),
        text("serial_number", "Serial number", length=255, indexed=True),
        number("install_status", "State", default="1", choices=True, indexed=True),
        choice("substatus", "Substate"),
        reference("model", "Model", "cmdb_model"),
        reference("model_category", "Model category", "cmdb_model_category"),
        reference("ci", "Configuration Item", "cmdb_ci", indexed=True),
        reference("parent", "Parent", "alm_asset", indexed=True),
        number("quantity", "Quantity", default="1"),
        reference("assigned_to", "Assigned to", "sys_user", indexed=True),
        reference("reserved_for", "Reserved for", "sys_user"),
        reference("managed_by", "Managed by", "sys_user"),
        reference("owned_by", "Owned by", "sys_user"),
        reference("supported_by", "Supported by", "sys_user"),
        reference("support_group", "Support group", "sys_user_group"),
        reference("company", "Company", "core_company"),
        reference("vendor", "Vendor", "core_company"),
        reference("department", "Department", "cmn_department"),
        reference("location", "Location", "cmn_location"),
        reference("cost_center", "Cost center", "cmn_cost_center"),
        reference("stockroom", "Stockroom", "alm_stockroom", indexed=True),
        reference("contract", "Contract", "ast_contract"),
        typed("cost", "Cost", "currency"),
        typed("resale_price", "Resale price", "currency"),
        typed("residual", "Residual value", "currency"),
        typed("salvage_value", "Salvage value", "currency"),
        text("gl_account", "GL account"),
        text("po_number", "PO number"),
        text("invoice_number", "Invoice number"),
        text("lease_id", "Lease contract"),
        text("aisle", "Aisle"),
        text("space", "Space"),
        text("justification", "Justification", length=80),
        text("comments", "Comments", length=4000),
        choice("acquisition_method", "Acquisition method"),
        choice("beneficiary", "Beneficiary"),
        choice("disposal_reason", "Disposal reason"),
        boolean("pre_allocated", "Pre-allocated"),
        boolean("skip_sync", "Skip sync"),
        boolean("active_to", "Active to"),
        moment("assigned", "Assigned"),
        moment("checked_in", "Checked in"),
        moment("checked_out", "Checked out"),
        moment("delivery_date", "Order received"),
        moment("due", "Due"),
        moment("install_date", "Installed"),
        moment("order_date", "Ordered"),
        moment("work_start", "Work start"),
        date("depreciation_date", "Depreciation effective date"),
        date("purchase_date", "Purchased"),
        date("retired", "Retired date"),
        date("retirement_date", "Scheduled retirement"),
        date("warranty_expiration", "Warranty expiration"),
    ),
)


def _kind(name: str, label: str, *fields: Field) -> Table:
    return Table(name=name, label=label, extends="alm_asset", fields=fields)


KINDS = (
    _kind("alm_hardware", "Hardware", text("hostname", "Host name", length=255)),
    _kind(
        "alm_license",
        "Software License",
        text("license_key", "License key", length=255),
        number("rights", "Rights"),
        number("allocated", "Allocated"),
        date("start_date", "Start date"),
        date("end_date", "End date"),
        reference("product", "Product", "cmdb_software_product_model"),
    ),
    _kind("alm_consumable", "Consumable"),
    _kind("alm_facility", "Facility"),
)

STOCKROOM = Table(
    name="alm_stockroom",
    label="Stockroom",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        choice("type", "Type"),
        boolean("external", "External"),
        reference("location", "Location", "cmn_location"),
        reference("manager", "Manager", "sys_user"),
        reference("assignment_group", "Assignment group", "sys_user_group"),
    ),
)

ENTITLEMENT = Table(
    name="alm_entitlement",
    label="License Allocation",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        reference("licensed_by", "Licensed by", "alm_license", indexed=True, display=True),
        number("quantity", "Quantity", default="1"),
        date("assigned_on", "Allocated on"),
        text("notes", "Notes", length=4000),
    ),
)

ENTITLEMENTS = (
    Table(
        name="alm_entitlement_user",
        label="User Allocation",
        extends="alm_entitlement",
        fields=(reference("assigned_to", "Assigned to", "sys_user", indexed=True),),
    ),
    Table(
        name="alm_entitlement_asset",
        label="Device Allocation",
        extends="alm_entitlement",
        fields=(reference("allocated_to", "Allocated to", "cmdb_ci_computer", indexed=True),),
    ),
)

TRANSFER_ORDER = Table(
    name="alm_transfer_order",
    label="Transfer Order",
    prefix="TO",
    fields=(
        *SYSTEM_FIELDS,
        text("number", "Number", display=True, indexed=True),
        choice("stage", "Stage", default="draft"),
        reference("from_stockroom", "From stockroom", "alm_stockroom"),
        reference("to_stockroom", "To stockroom", "alm_stockroom"),
        moment("delivery_by_date", "Delivery by"),
        moment("received_date", "Received"),
        text("instructions", "Instructions", length=4000),
    ),
)

TRANSFER_LINE = Table(
    name="alm_transfer_order_line",
    label="Transfer Order Line",
    prefix="TOL",
    fields=(
        *SYSTEM_FIELDS,
        text("number", "Number", display=True, indexed=True),
        choice("stage", "Stage", default="draft"),
        reference("transfer_order", "Transfer order", "alm_transfer_order", indexed=True),
        reference("asset", "Asset", "alm_asset", indexed=True),
        reference("model", "Model", "cmdb_model"),
        number("quantity_requested", "Quantity requested", default="1"),
        number("quantity_received", "Quantity received", default="0"),
    ),
)

ASSET_TABLES = (
    ASSET,
    *KINDS,
    STOCKROOM,
    ENTITLEMENT,
    *ENTITLEMENTS,
    TRANSFER_ORDER,
    TRANSFER_LINE,
    *CONTRACT_TABLES,
)
