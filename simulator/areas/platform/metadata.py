"""`sys_metadata`, what configuration records have in common, and the applications they are of."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    moment,
    reference,
    text,
    typed,
)

METADATA_FIELDS: tuple[Field, ...] = (
    text("sys_name", "Display name", length=255),
    reference("sys_package", "Package", "sys_package", default="global"),
    choice("sys_policy", "Protection policy"),
    reference("sys_scope", "Application", "sys_scope", default="global"),
    text("sys_update_name", "Update name", length=250),
)

METADATA = Table(
    name="sys_metadata",
    label="Application File",
    fields=(*SYSTEM_FIELDS, CLASS_FIELD, *METADATA_FIELDS),
)

PACKAGE = Table(
    name="sys_package",
    label="Package",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("name", "Name", length=100, display=True, indexed=True),
        text("source", "ID", length=100, indexed=True),
        text("version", "Version"),
        boolean("active", "Active", default="true"),
        boolean("licensable", "Licensable", default="true"),
        choice("license_category", "License category", default="none"),
        choice("license_model", "License model", default="none"),
        choice("enforce_license", "Subscription requirement", default="log"),
        boolean("trackable", "Trackable", default="true"),
        choice("ide_created", "IDE created"),
    ),
)

SCOPE = Table(
    name="sys_scope",
    label="Application",
    extends="sys_package",
    fields=(
        text("scope", "Scope", length=18, indexed=True),
        text("short_description", "Short description", length=1000),
        text("template", "Template", length=255),
        boolean("private", "Private"),
        boolean("scoped_administration", "Application administration"),
        boolean("restrict_table_access", "Restrict Table Choices", default="true"),
        choice("runtime_access_tracking", "Runtime Access Tracking", default="permissive"),
        choice("js_level", "JavaScript Mode", default="es_latest"),
        text("vendor", "Vendor", length=255),
        text("vendor_prefix", "Vendor prefix", length=5),
        typed("logo", "Logo", "user_image"),
        typed("source_code", "Source code", "string"),
    ),
)

APP = Table(
    name="sys_app",
    label="Custom Application",
    extends="sys_scope",
    fields=(
        reference("menu", "Menu", "sys_app_application"),
        text("user_role", "User role"),
        choice("guided_setup_guid", "Guided Setup"),
        boolean("can_edit_in_studio", "Can edit application in Studio", default="true"),
        boolean("uninstall_blocked", "Uninstall blocked"),
        text("compatibilities", "Compatibilities", length=255),
        text("dependencies", "Dependencies", length=1000),
    ),
)

STORE_APP = Table(
    name="sys_store_app",
    label="Store Application",
    extends="sys_scope",
    fields=(
        boolean("update_available", "Update available"),
        boolean("hide_on_ui", "Hide on UI"),
        text("latest_version", "Latest version"),
        text("assigned_version", "Assigned version"),
        moment("install_date", "Installed"),
        moment("update_date", "Updated"),
        typed("publish_date", "Published", "glide_date_time"),
        text("key_features", "Key features", length=4000),
        boolean("demo_data", "Demo data"),
    ),
)

PLUGINS = Table(
    name="sys_plugins",
    label="System Plugin",
    extends="sys_package",
    fields=(
        text("parent", "Parent", length=100),
        text("help", "Help", length=1000),
        text("path", "Path", length=255),
        typed("provider", "Provider", "string"),
        boolean("has_demo_data", "Has demo data"),
    ),
)

V_PLUGIN = Table(
    name="v_plugin",
    label="System Plugin",
    fields=(
        *SYSTEM_FIELDS,
        text("id", "ID", length=100, indexed=True),
        text("name", "Name", length=100, display=True),
        choice("active", "Status", default="inactive"),
        text("version", "Version"),
        text("description", "Description", length=1000),
        text("provider", "Provider"),
        text("parent", "Parent", length=100),
        text("requires", "Requires", length=1000),
        moment("install_date", "Installed"),
        text("scope", "Scope"),
        boolean("has_demo_data", "Has demo data"),
        boolean("licensable", "Licensable"),
        choice("state", "State"),
    ),
)

APPLICATION_MENU = Table(
    name="sys_app_application",
    label="Application Menu",
    extends="sys_metadata",
    fields=(
        text("title", "Title", length=80, display=True),
        text("name", "Name", length=80),
        typed("roles", "Roles", "user_roles", length=1000),
        boolean("active", "Active", default="true"),
        typed("order", "Order", "integer"),
        text("hint", "Hint", length=255),
        text("description", "Description", length=1000),
        reference("category", "Category", "sys_app_category"),
        choice("device_type", "Device type", default="browser"),
    ),
)

APPLICATION_CATEGORY = Table(
    name="sys_app_category",
    label="Menu Category",
    extends="sys_metadata",
    fields=(
        text("name", "Name", length=80, display=True),
        typed("default_order", "Default order", "integer"),
        text("style", "Style", length=1000),
    ),
)

MODULE = Table(
    name="sys_app_module",
    label="Module",
    extends="sys_metadata",
    fields=(
        text("title", "Title", length=80, display=True),
        reference("application", "Application menu", "sys_app_application", indexed=True),
        typed("order", "Order", "integer"),
        text("hint", "Hint", length=255),
        typed("roles", "Roles", "user_roles", length=1000),
        boolean("active", "Active", default="true"),
        choice("link_type", "Link type", default="LIST"),
        text("name", "Table", length=80),
        text("filter", "Filter", length=4000),
        text("query", "Arguments", length=4000),
        text("view_name", "View name"),
        boolean("override_menu_roles", "Override application menu roles"),
        boolean("require_confirmation", "Require confirmation"),
    ),
)

METADATA_TABLES = (
    METADATA,
    PACKAGE,
    SCOPE,
    APP,
    STORE_APP,
    PLUGINS,
    V_PLUGIN,
    APPLICATION_MENU,
    APPLICATION_CATEGORY,
    MODULE,
)
