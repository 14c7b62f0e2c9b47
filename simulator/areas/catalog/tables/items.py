"""Catalogues, categories and the kinds of items in them."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Field,
    Table,
    boolean,
    choice,
    number,
    reference,
    text,
    typed,
)


def _image(name: str, label: str) -> Field:
    return typed(name, label, "user_image", length=40)


CATALOG = Table(
    name="sc_catalog",
    label="Catalog",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("title", "Title", length=80, display=True, indexed=True),
        text("description", "Description", length=255),
        boolean("active", "Active", default="true"),
        reference("manager", "Manager", "sys_user"),
        typed("editors", "Editors", "glide_list", length=1024, reference="sys_user"),
        text("background_color", "Background color", default="white"),
        _image("desktop_image", "Desktop image"),
        boolean("desktop_continue_shopping", "Continue shopping on desktop"),
        boolean("desktop_home_page", "Desktop home page"),
        boolean("enable_wish_list", "Enable wish list", default="true"),
    ),
)

CATEGORY = Table(
    name="sc_category",
    label="Category",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("title", "Title", length=80, display=True, indexed=True),
        typed("description", "Description", "translated_text", length=1000),
        reference("sc_catalog", "Catalog", "sc_catalog", indexed=True),
        reference("parent", "Parent", "sc_category", indexed=True),
        boolean("active", "Active", default="true"),
        number("order", "Order", default="0"),
        text("roles", "Roles", length=255),
        _image("icon", "Icon"),
        _image("header_icon", "Header icon"),
        _image("homepage_image", "Homepage image"),
        _image("mobile_picture", "Mobile picture"),
        boolean("mobile_hide_description", "Hide description (mobile browsing)"),
        boolean("show_in_cms", "Show in CMS"),
        typed("entitlement_script", "Entitlement script", "script", length=4000),
        reference("location", "Location", "cmn_location"),
    ),
)

_HIDDEN_PARTS = (
    ("no_cart", "No cart"),
    ("no_cart_v2", "Hide 'Add to cart'"),
    ("no_quantity", "No quantity"),
    ("no_quantity_v2", "Hide quantity"),
    ("no_delivery_time_v2", "Hide delivery time"),
    ("no_wishlist_v2", "Hide 'Add to wish list'"),
    ("no_attachment_v2", "Hide attachment"),
    ("no_order", "No order"),
    ("no_order_now", "No order now"),
    ("no_proceed_checkout", "No proceed checkout"),
    ("no_search", "No search"),
    ("hide_sp", "Hide on Service Portal"),
    ("omit_price", "Omit price in cart"),
    ("ignore_price", "Ignore price"),
    ("mobile_hide_price", "Hide price (mobile listings)"),
    ("mandatory_attachment", "Mandatory attachment"),
    ("show_variable_help_on_load", "Expand help for all questions"),
    ("make_item_non_conversational", "Make the item non-conversational in VA"),
    ("billable", "Billable"),
)

CATALOG_ITEM = Table(
    name="sc_cat_item",
    label="Catalog Item",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        typed("name", "Name", "translated_text", length=100, display=True, indexed=True),
        typed("short_description", "Short description", "translated_text", length=200),
        typed("description", "Description", "translated_html", length=8000),
        boolean("active", "Active", default="true"),
        reference("category", "Category", "sc_category", indexed=True),
        typed("sc_catalogs", "Catalogs", "glide_list", length=1024, reference="sc_catalog"),
        number("order", "Order", default="0"),
        typed("price", "Price", "price", length=20, default="0"),
        typed("recurring_price", "Recurring price", "price", length=20, default="0"),
        choice("recurring_frequency", "Recurring price frequency"),
        typed("cost", "Cost", "decimal", length=15, default="0"),
        typed("list_price", "List Price", "price", length=20, default="0"),
        typed("delivery_time", "Delivery time", "glide_duration"),
        reference("delivery_plan", "Execution Plan", "sc_cat_item_delivery_plan"),
        reference("workflow", "Workflow", "wf_workflow"),
        reference("flow_designer_flow", "Flow", "sys_hub_flow"),
        reference("model", "Model", "cmdb_model"),
        reference("group", "Fulfillment group", "sys_user_group"),
        reference("owner", "Owner", "sys_user"),
        reference("location", "Location", "cmn_location"),
        reference("vendor", "Vendor", "core_company"),
        text("meta", "Meta", length=4000),
        text("roles", "Roles", length=255),
        choice("type", "Type", default="item"),
        choice("availability", "Availability", default="on_desktop"),
        choice("access_type", "Access type", default="restricted"),
        choice("request_method", "Request method"),
        choice("fulfillment_automation_level", "Fulfillment automation level"),
        choice("state", "State"),
        _image("icon", "Icon"),
        _image("picture", "Picture"),
        _image("mobile_picture", "Mobile picture"),
        text("image", "Image", length=255),
        reference("ordered_item_link", "Ordered item link", "sc_ordered_item_link"),
        typed("entitlement_script", "Entitlement script", "script", length=4000),
        typed("delivery_plan_script", "Delivery plan script", "script", length=4000),
        boolean("visible_standalone", "Visible standalone", default="true"),
        boolean("visible_guide", "Visible on Guides", default="true"),
        boolean("visible_bundle", "Visible on Bundles", default="true"),
        boolean("use_sc_layout", "Use cart layout", default="true"),
        *(boolean(name, label) for name, label in _HIDDEN_PARTS),
    ),
)

ORDERED_ITEM_LINK = Table(
    name="sc_ordered_item_link",
    label="Ordered Item Link",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, display=True),
        text("script", "Script", length=4000),
    ),
)

PRODUCER = Table(
    name="sc_cat_item_producer",
    label="Record Producer",
    extends="sc_cat_item",
    fields=(
        typed("table_name", "Table name", "table_name", length=80),
        typed("script", "Script", "script", length=8000),
        typed("post_insert_script", "Post insert script", "script", length=8000),
        text("redirect_url", "Redirect To", length=255),
        text("view", "View", length=80),
        boolean("can_cancel", "Can cancel"),
        boolean("save_script", "Save script"),
        text("save_options", "Save options", length=255),
    ),
)

GUIDE = Table(
    name="sc_cat_item_guide",
    label="Order Guide",
    extends="sc_cat_item",
    fields=(
        boolean("two_step", "Two step"),
        boolean("cascade", "Cascade variables"),
        boolean("include_items", "Show include toggle"),
        boolean("validate_item_tab", "Validate item tab"),
        text("attachment", "Attachment", length=255),
        typed("script", "Script", "script", length=8000),
    ),
)

CONTENT = Table(
    name="sc_cat_item_content",
    label="Content Item",
    extends="sc_cat_item",
    fields=(
        choice("content_type", "Content type", default="kb"),
        reference("kb_article", "KB article", "kb_knowledge"),
        typed("url", "URL", "url", length=1024),
    ),
)

SERVICE = Table(
    name="sc_cat_item_service",
    label="Catalog Item Service",
    extends="sc_cat_item",
    fields=(reference("service", "Service", "cmdb_ci_service"),),
)

GUIDE_ITEM = Table(
    name="sc_cat_item_guide_items",
    label="Order Guide Rule",
    fields=(
        *SYSTEM_FIELDS,
        reference("guide", "Guide", "sc_cat_item_guide", indexed=True),
        reference("item", "Item", "sc_cat_item", indexed=True, display=True),
        typed("condition", "Condition", "conditions", length=4000),
        number("order", "Order", default="100"),
        number("quantity", "Quantity", default="1"),
        boolean("active", "Active", default="true"),
    ),
)

ITEM_IN_CATEGORY = Table(
    name="sc_cat_item_category",
    label="Catalog Item Category",
    fields=(
        *SYSTEM_FIELDS,
        reference("sc_cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("sc_category", "Category", "sc_category", indexed=True, display=True),
    ),
)

ITEM_IN_CATALOG = Table(
    name="sc_cat_item_catalog",
    label="Catalog Item Catalog",
    fields=(
        *SYSTEM_FIELDS,
        reference("sc_cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("sc_catalog", "Catalog", "sc_catalog", indexed=True, display=True),
    ),
)

ITEM_TABLES = (
    CATALOG,
    CATEGORY,
    CATALOG_ITEM,
    ORDERED_ITEM_LINK,
    PRODUCER,
    GUIDE,
    CONTENT,
    SERVICE,
    GUIDE_ITEM,
    ITEM_IN_CATEGORY,
    ITEM_IN_CATALOG,
)
