"""Product models, their categories, and what is known of each class."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    reference,
    text,
    typed,
)

MODEL = Table(
    name="cmdb_model",
    label="Product Model",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("display_name", "Display name", length=255, display=True, indexed=True),
        text("name", "Name", length=255, indexed=True),
        text("short_description", "Short description", length=1000),
        text("description", "Description", length=4000),
        text("model_number", "Model number", length=255),
        text("barcode", "Barcode", length=80),
        text("full_name", "Full name", length=1000),
        choice("status", "Status", default="In Production"),
        choice("asset_tracking_strategy", "Asset tracking strategy", default="leave_to_category"),
        typed("cost", "Cost", "float"),
        typed(
            "cmdb_model_category",
            "Model categories",
            "glide_list",
            length=1024,
            reference="cmdb_model_category",
        ),
        reference("manufacturer", "Manufacturer", "core_company"),
        reference("owner", "Owner", "sys_user"),
        reference("depreciation", "Depreciation", "cmdb_model"),
        boolean("certified", "Certified"),
        text("comments", "Comments", length=4000),
    ),
)


def _kind(name: str, label: str) -> Table:
    return Table(name=name, label=label, extends="cmdb_model", fields=())


MODELS = (
    _kind("cmdb_hardware_product_model", "Hardware Model"),
    Table(
        name="cmdb_software_product_model",
        label="Software Model",
        extends="cmdb_model",
        fields=(text("version", "Version", length=80), text("edition", "Edition", length=80)),
    ),
    _kind("cmdb_application_product_model", "Application Model"),
    _kind("cmdb_consumable_product_model", "Consumable Model"),
    _kind("cmdb_facility_product_model", "Facility Model"),
)

CATEGORY = Table(
    name="cmdb_model_category",
    label="Model Category",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True, indexed=True),
        typed("cmdb_ci_class", "CI class", "table_name", length=80),
        typed("asset_class", "Asset class", "table_name", length=80),
        boolean("enforce_verification", "Enforce CI verification"),
        boolean("allow_pre_sale", "Allow pre-allocated"),
        boolean("allow_in_bundle", "Allow in bundle", default="true"),
        boolean("allow_as_master", "Allow as master", default="true"),
    ),
)

CLASS_INFO = Table(
    name="cmdb_class_info",
    label="CMDB Class Info",
    fields=(
        *SYSTEM_FIELDS,
        typed("class", "Class", "table_name", length=80, indexed=True, display=True),
        text("icon", "Icon", length=80),
        text("description", "Description", length=1000),
        reference("managed_by_group", "Managed by group", "sys_user_group"),
        boolean("principal_class", "Principal class"),
    ),
)

MODEL_TABLES = (MODEL, *MODELS, CATEGORY, CLASS_INFO)
