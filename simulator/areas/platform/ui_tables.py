"""Tables of the user interface: views, forms, lists, policies, actions, pages, messages, tags."""

from simulator.schema import (
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

_META = "sys_metadata"


def _active(*, default: str = "true") -> Field:
    return boolean("active", "Active", default=default)


VIEW = Table(
    name="sys_ui_view",
    label="View",
    extends=_META,
    fields=(
        text("name", "Name", length=80, indexed=True),
        text("title", "Title", length=80, display=True),
        text("group", "Group", length=80),
        text("user", "User", length=80),
        typed("roles", "Roles", "user_roles", length=255),
        boolean("hidden", "Hidden"),
    ),
)

SECTION = Table(
    name="sys_ui_section",
    label="Form Section",
    extends=_META,
    fields=(
        text("name", "Table", length=80, indexed=True),
        text("caption", "Caption", length=255, display=True),
        text("title", "Title", length=80),
        reference("view", "View", "sys_ui_view", indexed=True),
        text("view_name", "View name", length=80),
        boolean("header", "Header"),
        reference("sys_user", "User", "sys_user"),
        typed("roles", "Roles", "user_roles", length=255),
    ),
)

FORM = Table(
    name="sys_ui_form",
    label="Form",
    extends=_META,
    fields=(
        text("name", "Table", length=80, display=True, indexed=True),
        reference("view", "View", "sys_ui_view", indexed=True),
        reference("sys_user", "User", "sys_user"),
        typed("roles", "Roles", "user_roles", length=255),
    ),
)

FORM_SECTION = Table(
    name="sys_ui_form_section",
    label="Form Sections",
    extends=_META,
    fields=(
        reference("sys_ui_form", "Form", "sys_ui_form", indexed=True),
        reference("sys_ui_section", "Section", "sys_ui_section", indexed=True),
        number("position", "Position"),
    ),
)

ELEMENT = Table(
    name="sys_ui_element",
    label="Section Element",
    extends=_META,
    fields=(
        reference("sys_ui_section", "UI Section", "sys_ui_section", indexed=True),
        text("element", "Element", length=255, display=True),
        number("position", "Position"),
        text("type", "Type"),
        reference("sys_ui_formatter", "UI formatter", "sys_ui_formatter"),
        reference("sys_user", "User", "sys_user"),
    ),
)

FORMATTER = Table(
    name="sys_ui_formatter",
    label="Formatter",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True),
        text("formatter", "Formatter", length=255),
        text("table", "Table", length=80),
        text("type", "Type", length=40),
        _active(),
    ),
)

LIST = Table(
    name="sys_ui_list",
    label="List",
    extends=_META,
    fields=(
        text("name", "Table", length=80, display=True, indexed=True),
        reference("view", "View", "sys_ui_view", indexed=True),
        text("element", "Element", length=80),
        text("parent", "Parent", length=80),
        text("relationship", "Relationship", length=32),
        reference("sys_user", "User", "sys_user"),
    ),
)

LIST_ELEMENT = Table(
    name="sys_ui_list_element",
    label="List Element",
    extends=_META,
    fields=(
        reference("list_id", "List ID", "sys_ui_list", indexed=True),
        text("element", "Element", length=255, display=True),
        number("position", "Position"),
        boolean("sum", "Sum"),
        boolean("max_value", "Max value"),
        boolean("min_value", "Min value"),
        boolean("average_value", "Average value"),
    ),
)

RELATED_LIST = Table(
    name="sys_ui_related_list",
    label="Related List",
    extends=_META,
    fields=(
        text("name", "Table", length=80, display=True, indexed=True),
        reference("view", "View", "sys_ui_view"),
        reference("sys_user", "User", "sys_user"),
        text("calculated_name", "Calculated name", length=255),
        typed("filter", "Filter", "conditions", length=1000),
        text("order_by", "Order by", length=80),
        number("position", "Position"),
        text("related_list", "Related list", length=255),
    ),
)

RELATED_LIST_ENTRY = Table(
    name="sys_ui_related_list_entry",
    label="Related List Entry",
    extends=_META,
    fields=(
        reference("list_id", "List ID", "sys_ui_related_list", indexed=True),
        text("related_list", "Related list", length=255, display=True),
        typed("filter", "Filter", "conditions", length=1000),
        text("order_by", "Order by", length=80),
        number("position", "Position"),
    ),
)

MESSAGE = Table(
    name="sys_ui_message",
    label="Message",
    extends=_META,
    fields=(
        typed("key", "Key", "string", length=4000, display=True),
        text("language", "Language", length=3, default="en"),
        typed("message", "Message", "string", length=4000),
        text("application", "Application", length=80),
    ),
)

ACTION = Table(
    name="sys_ui_action",
    label="UI Action",
    extends=_META,
    fields=(
        text("name", "Name", length=100, display=True),
        text("table", "Table", length=80, indexed=True),
        text("action_name", "Action name", length=80),
        _active(),
        boolean("show_insert", "Show insert", default="true"),
        boolean("show_update", "Show update", default="true"),
        boolean("show_query", "Show query"),
        boolean("show_multiple_update", "Show multiple update"),
        boolean("client", "Client"),
        boolean("isolate_script", "Isolate script"),
        boolean("form_button", "Form button"),
        boolean("form_context_menu", "Form context menu"),
        boolean("form_link", "Form link"),
        choice("form_style", "Form style"),
        boolean("list_banner_button", "List banner button"),
        boolean("list_button", "List bottom button"),
        boolean("list_choice", "List choice"),
        boolean("list_context_menu", "List context menu"),
        boolean("list_link", "List link"),
        typed("condition", "Condition", "script", length=254),
        typed("script", "Script", "script", length=8000),
        text("onclick", "Onclick", length=255),
        text("hint", "Hint", length=255),
        text("comments", "Comments", length=4000),
        number("order", "Order", default="100"),
        boolean("ui11_compatible", "List v2 Compatible", default="true"),
        boolean("ui16_compatible", "List v3 Compatible"),
    ),
)

POLICY = Table(
    name="sys_ui_policy",
    label="UI Policy",
    extends=_META,
    fields=(
        text("short_description", "Short description", length=100, display=True),
        text("table", "Table", length=80, indexed=True),
        _active(),
        typed("conditions", "Conditions", "conditions", length=4000),
        boolean("global", "Global", default="true"),
        reference("view", "View", "sys_ui_view"),
        boolean("on_load", "On load", default="true"),
        boolean("reverse_if_false", "Reverse if false", default="true"),
        boolean("inherit", "Inherit"),
        boolean("run_scripts", "Run scripts"),
        typed("script_true", "Execute if true", "script", length=8000),
        typed("script_false", "Execute if false", "script", length=8000),
        choice("ui_type", "Run scripts in UI type", default="0"),
        boolean("isolate_script", "Isolate script", default="true"),
        text("description", "Description", length=4000),
        reference("model_id", "Model ID", "sys_metadata"),
        text("model_table", "Model table", length=80),
        number("order", "Order", default="100"),
    ),
)

POLICY_ACTION = Table(
    name="sys_ui_policy_action",
    label="UI Policy Action",
    extends=_META,
    fields=(
        reference("ui_policy", "UI policy", "sys_ui_policy", indexed=True),
        text("table", "Table", length=80),
        text("field", "Field name", length=80, display=True),
        choice("mandatory", "Mandatory", default="ignore"),
        choice("visible", "Visible", default="ignore"),
        choice("disabled", "Read only", default="ignore"),
        boolean("cleared", "Clear the field value"),
        choice("value_action", "Value action", default="ignore"),
        choice("field_message_type", "Field message type", default="none"),
        text("field_message", "Field message", length=255),
    ),
)

PAGE = Table(
    name="sys_ui_page",
    label="UI Page",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True, indexed=True),
        text("endpoint", "Endpoint", length=255),
        text("category", "Category", length=40, default="general"),
        boolean("direct", "Direct"),
        typed("html", "HTML", "html_template", length=65000),
        typed("client_script", "Client script", "script", length=65000),
        typed("processing_script", "Processing script", "script", length=65000),
        text("description", "Description", length=4000),
    ),
)

MACRO = Table(
    name="sys_ui_macro",
    label="UI Macro",
    extends=_META,
    fields=(
        text("name", "Name", length=80, display=True, indexed=True),
        _active(),
        text("category", "Category", length=40, default="general"),
        text("description", "Description", length=4000),
        typed("xml", "XML", "xml", length=65000),
        text("media_type", "Media type"),
        boolean("scoped_name", "API Name"),
    ),
)

UI_SCRIPT = Table(
    name="sys_ui_script",
    label="UI Script",
    extends=_META,
    fields=(
        text("name", "API Name", length=80, display=True),
        text("script_name", "Script name", length=80),
        _active(),
        boolean("global", "Global"),
        choice("ui_type", "UI Type", default="0"),
        boolean("use_scoped_format", "Use scoped format"),
        text("description", "Description", length=4000),
        typed("script", "Script", "script_plain", length=65000),
    ),
)

LABEL = Table(
    name="label",
    label="Tag",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        reference("owner", "Owner", "sys_user", indexed=True),
        typed("group_list", "Groups", "glide_list", length=1024),
        typed("user_list", "Users", "glide_list", length=1024),
        choice("viewable_by", "Viewable by", default="me"),
        boolean("global", "Global"),
        text("type", "Type", default="STANDARD"),
        text("color", "Color"),
        text("background_color", "Background color"),
        text("text_color", "Text color"),
        _active(),
    ),
)

LABEL_ENTRY = Table(
    name="label_entry",
    label="Tag Entry",
    fields=(
        *SYSTEM_FIELDS,
        reference("label", "Label", "label", indexed=True),
        text("table", "Table", length=80),
        text("table_key", "Table key", length=32, indexed=True),
        text("title", "Title", length=255, display=True),
        text("url", "URL", length=1024),
        boolean("notify_always", "Notify always"),
    ),
)

UI_TABLES = (
    VIEW,
    SECTION,
    FORM,
    FORM_SECTION,
    ELEMENT,
    FORMATTER,
    LIST,
    LIST_ELEMENT,
    RELATED_LIST,
    RELATED_LIST_ENTRY,
    MESSAGE,
    ACTION,
    POLICY,
    POLICY_ACTION,
    PAGE,
    MACRO,
    UI_SCRIPT,
    LABEL,
    LABEL_ENTRY,
)
