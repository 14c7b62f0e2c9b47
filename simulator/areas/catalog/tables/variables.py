"""What an item asks: its variables, sets of them, their choices, and what forms do with them."""

from simulator.schema import (
    CLASS_FIELD,
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    number,
    reference,
    text,
    typed,
)

_FLAGS = (
    ("mandatory", "Mandatory", "false"),
    ("active", "Active", "true"),
    ("read_only", "Read only", "false"),
    ("hidden", "Hidden", "false"),
    ("global", "Global", "false"),
    ("include_none", "Include none", "false"),
    ("do_not_select_first", "Do not select the first choice", "false"),
    ("lookup_unique", "Unique values only", "false"),
    ("unique", "Unique", "false"),
    ("show_help", "Show help", "false"),
    ("show_help_on_load", "Always Expanded", "false"),
    ("display_title", "Display title", "false"),
    ("map_to_field", "Map to field", "false"),
    ("mask_use_confirmation", "Use confirmation", "false"),
    ("mask_use_encryption", "Use encryption", "true"),
    ("enable_also_request_for", "Enable also request for", "false"),
    ("visible_standalone", "Visible on Standalone", "true"),
    ("visible_guide", "Visible on Guides", "true"),
    ("visible_bundle", "Visible on Bundles", "true"),
    ("visible_summary", "Visible on Summaries", "true"),
    ("pricing_implications", "Pricing implications", "false"),
)

_TEXTS = (
    ("name", "Name", 100),
    ("help_tag", "Help tag", 255),
    ("help_text", "Help text", 4000),
    ("instructions", "Instructions", 8000),
    ("example_text", "Example Text", 255),
    ("tooltip", "Tooltip", 255),
    ("default_value", "Default value", 4000),
    ("description", "Description", 1000),
    ("attributes", "Variable attributes", 1000),
    ("choice_table", "Choice table", 80),
    ("choice_field", "Choice field", 80),
    ("lookup_table", "Lookup from table", 80),
    ("lookup_value", "Lookup value field", 80),
    ("lookup_label", "Lookup label field(s)", 255),
    ("lookup_price", "Price field", 80),
    ("rec_lookup_price", "Recurring price field", 80),
    ("list_table", "List table", 80),
    ("reference", "Reference", 80),
    ("reference_qual", "Reference qual", 4000),
    ("reference_qual_condition", "Reference qual condition", 4000),
    ("dynamic_value_field", "Dynamic value field", 80),
    ("field", "Field", 80),
    ("record_producer_table", "Record producer table", 80),
    ("read_roles", "Read roles", 255),
    ("write_roles", "Write roles", 255),
    ("create_roles", "Create roles", 255),
    ("roles_to_use_also_request_for", "Roles that can use also request for", 255),
    ("validate_regex", "Validation Regex", 255),
)

VARIABLE = Table(
    name="item_option_new",
    label="Variable",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        typed("question_text", "Question", "translated_text", length=300, display=True),
        number("type", "Type", choices=True, default="6"),
        reference("cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set", indexed=True),
        number("order", "Order", default="100", indexed=True),
        choice("use_reference_qualifier", "Use reference qualifier", default="simple"),
        choice("layout", "Layout", default="normal"),
        choice("choice_direction", "Choice direction", default="down"),
        reference("macro", "Macro", "sys_ui_macro"),
        reference("ui_page", "UI page", "sys_ui_page"),
        number("scale_min", "Scale min", default="0"),
        number("scale_max", "Scale max", default="5"),
        typed("price_if_checked", "Price if checked", "price", length=20, default="0"),
        typed("rec_price_if_checked", "Recurring price if checked", "price", default="0"),
        *(text(name, label, length=length) for name, label, length in _TEXTS),
        *(boolean(name, label, default=default) for name, label, default in _FLAGS),
    ),
)

VARIABLE_SET = Table(
    name="item_option_new_set",
    label="Variable Set",
    fields=(
        *SYSTEM_FIELDS,
        CLASS_FIELD,
        text("title", "Title", length=100, display=True, indexed=True),
        text("name", "Name", length=100),
        text("internal_name", "Internal name", length=100),
        text("description", "Description", length=1000),
        choice("type", "Type", default="one_to_one"),
        choice("layout", "Layout", default="normal"),
        boolean("active", "Active", default="true"),
        boolean("display_title", "Display title"),
        number("order", "Order", default="100"),
        text("set_attributes", "Variable Set attributes", length=1000),
        text("read_roles", "Read roles", length=255),
        text("write_roles", "Write roles", length=255),
        text("create_roles", "Create roles", length=255),
    ),
)

SET_OF_ITEM = Table(
    name="io_set_item",
    label="Catalog Variable Set",
    fields=(
        *SYSTEM_FIELDS,
        reference("sc_cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set", display=True),
        number("order", "Order", default="100"),
    ),
)

QUESTION_CHOICE = Table(
    name="question_choice",
    label="Question Choice",
    fields=(
        *SYSTEM_FIELDS,
        reference("question", "Question", "item_option_new", indexed=True),
        typed("text", "Text", "translated_text", length=300, display=True),
        text("value", "Value", length=300),
        number("order", "Order", default="100"),
        typed("misc", "Price", "price", length=20, default="0"),
        typed("rec_misc", "Recurring price", "price", length=20, default="0"),
        boolean("inactive", "Inactive"),
    ),
)

QUESTION_ANSWER = Table(
    name="question_answer",
    label="Answer",
    fields=(
        *SYSTEM_FIELDS,
        reference("question", "Question", "item_option_new", indexed=True, display=True),
        text("table_name", "Table name", length=80),
        typed("table_sys_id", "Table sys ID", "document_id", length=32, indexed=True),
        text("value", "Value", length=65000),
        number("order", "Order", default="100"),
    ),
)

MULTI_ROW_ANSWER = Table(
    name="sc_multi_row_question_answer",
    label="Multi Row Question Answer",
    fields=(
        *SYSTEM_FIELDS,
        typed("parent_table_name", "Parent table name", "table_name", length=80),
        typed("parent_id", "Parent ID", "document_id", length=32, indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set"),
        reference("item_option_new", "Question", "item_option_new", display=True),
        number("row_index", "Row index"),
        text("value", "Value", length=65000),
    ),
)

UI_POLICY = Table(
    name="catalog_ui_policy",
    label="Catalog UI Policy",
    fields=(
        *SYSTEM_FIELDS,
        text("short_description", "Short description", length=100, display=True),
        choice("applies_to", "Applies to", default="item"),
        reference("catalog_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set", indexed=True),
        text("catalog_conditions", "Catalog Conditions", length=4000),
        boolean("active", "Active", default="true"),
        boolean("on_load", "On load", default="true"),
        boolean("reverse_if_false", "Reverse if false", default="true"),
        boolean("applies_catalog", "Applies on a Catalog Item view", default="true"),
        boolean("applies_req_item", "Applies on Requested Items"),
        boolean("applies_sc_task", "Applies on Catalog Tasks"),
        boolean("applies_target_record", "Applies on the target record"),
        boolean("run_scripts", "Run scripts"),
        typed("script_true", "Execute if true", "script", length=8000),
        typed("script_false", "Execute if false", "script", length=8000),
        number("order", "Order", default="100"),
    ),
)

UI_POLICY_ACTION = Table(
    name="catalog_ui_policy_action",
    label="Catalog UI Policy Action",
    fields=(
        *SYSTEM_FIELDS,
        reference("ui_policy", "UI policy", "catalog_ui_policy", indexed=True),
        reference("catalog_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set"),
        text("catalog_variable", "Variable name", length=80),
        text("variable", "Variable", length=100, display=True),
        choice("mandatory", "Mandatory", default="ignore"),
        choice("visible", "Visible", default="ignore"),
        choice("disabled", "Read only", default="ignore"),
        choice("value_action", "Value action", default="ignore"),
        text("value", "Value", length=4000),
        number("order", "Order", default="100"),
    ),
)

CLIENT_SCRIPT = Table(
    name="catalog_script_client",
    label="Catalog Client Scripts",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        choice("applies_to", "Applies to", default="item"),
        reference("cat_item", "Catalog item", "sc_cat_item", indexed=True),
        reference("variable_set", "Variable set", "item_option_new_set", indexed=True),
        text("cat_variable", "Variable name", length=80),
        choice("type", "Type", default="onLoad"),
        choice("ui_type", "UI Type", default="10"),
        typed("script", "Script", "script", length=8000),
        boolean("active", "Active", default="true"),
        boolean("applies_catalog", "Applies on a Catalog Item view", default="true"),
        boolean("applies_req_item", "Applies on Requested Items"),
        boolean("applies_sc_task", "Applies on Catalog Tasks"),
        number("order", "Order", default="100"),
    ),
)

VARIABLE_TABLES = (
    VARIABLE,
    VARIABLE_SET,
    SET_OF_ITEM,
    QUESTION_CHOICE,
    QUESTION_ANSWER,
    MULTI_ROW_ANSWER,
    UI_POLICY,
    UI_POLICY_ACTION,
    CLIENT_SCRIPT,
)
