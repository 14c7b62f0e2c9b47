"""Tables that describe the instance itself: dictionary, choices, journals, numbers, properties."""

from simulator.areas.platform.metadata import METADATA_FIELDS
from simulator.schema import SYSTEM_FIELDS, Table, boolean, choice, number, reference, text, typed

DB_OBJECT = Table(
    name="sys_db_object",
    label="Table",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Name", length=80, indexed=True),
        text("label", "Label", length=80, display=True),
        reference("super_class", "Extends table", "sys_db_object", indexed=True),
        reference("number_ref", "Auto number", "sys_number"),
        reference("user_role", "User role", "sys_user_role"),
        boolean("is_extendable", "Extensible"),
        boolean("ws_access", "Allow access to this table via web services", default="true"),
        choice("access", "Accessible from", default="public"),
        boolean("read_access", "Can read", default="true"),
        boolean("create_access", "Can create"),
        boolean("update_access", "Can update"),
        boolean("delete_access", "Can delete"),
        boolean("alter_access", "Allow new fields"),
        boolean("actions_access", "Allow UI actions"),
        boolean("client_scripts_access", "Allow client scripts"),
        boolean("configuration_access", "Allow configuration"),
        boolean("create_access_controls", "Create access controls"),
        boolean("live_feed_enabled", "Live feed"),
        choice("caller_access", "Caller Access"),
        choice("scriptable_table", "Remote Table", default="false"),
        text("provider_class", "Provider class", length=80),
        text("sys_class_path", "Class path", length=255),
    ),
)

DICTIONARY = Table(
    name="sys_dictionary",
    label="Dictionary Entry",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("element", "Column name", length=80, indexed=True),
        text("column_label", "Column label", length=80, display=True),
        text("internal_type", "Type", length=40, names="sys_glide_object"),
        text("reference", "Reference", length=80, indexed=True, names="sys_db_object"),
        number("max_length", "Max length"),
        number("choice", "Choice", default="0", choices=True),
        text("choice_table", "Choice table", length=80),
        text("choice_field", "Choice field", length=80),
        text("default_value", "Default value", length=255),
        boolean("mandatory", "Mandatory"),
        boolean("read_only", "Read only"),
        boolean("display", "Display"),
        boolean("unique", "Unique"),
        boolean("array", "Array"),
        boolean("active", "Active", default="true"),
        boolean("audit", "Audit"),
        boolean("text_index", "Text index"),
        boolean("primary", "Primary"),
        boolean("virtual", "Calculated"),
        choice("virtual_type", "Calculation Type", default="script"),
        typed("calculation", "Calculation", "script_plain", length=4000),
        boolean("dynamic_creation", "Dynamic creation"),
        boolean("element_reference", "Element reference"),
        boolean("function_field", "Function field"),
        boolean("staged", "Staged"),
        boolean("table_reference", "Table reference"),
        boolean("spell_check", "Spell check"),
        boolean("xml_view", "XML view"),
        text("dependent", "Dependent", length=80),
        text("dependent_on_field", "Dependent on field", length=80),
        choice("reference_cascade_rule", "Reference cascade rule"),
        text("reference_key", "Reference key", length=40),
        text("reference_qual", "Reference qual", length=1000),
        typed("reference_qual_condition", "Reference qual condition", "conditions", length=1000),
        choice("use_reference_qualifier", "Use reference qualifier", default="simple"),
        typed("read_roles", "Read roles", "user_roles", length=255),
        typed("write_roles", "Write roles", "user_roles", length=255),
        typed("create_roles", "Create roles", "user_roles", length=255),
        typed("delete_roles", "Delete roles", "user_roles", length=255),
        text("widget", "Widget", length=40),
        text("attributes", "Attributes", length=1000),
        text("comments", "Comments", length=4000),
    ),
)

DICTIONARY_OVERRIDE = Table(
    name="sys_dictionary_override",
    label="Dictionary Entry Override",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("base_table", "Base table", length=80),
        text("element", "Column name", length=80, display=True),
        boolean("default_value_override", "Override default value"),
        text("default_value", "Default value", length=255),
        boolean("mandatory_override", "Override mandatory"),
        boolean("mandatory", "Mandatory"),
        boolean("read_only_override", "Override read only"),
        boolean("read_only", "Read only"),
        boolean("display_override", "Override display value"),
        boolean("display", "Display value"),
        boolean("attributes_override", "Override attributes"),
        text("attributes", "Attributes", length=1000),
        boolean("calculation_override", "Override calculation"),
        typed("calculation", "Calculation", "script_plain", length=4000),
        boolean("dependent_override", "Override dependent"),
        text("dependent", "Dependent", length=80),
        boolean("reference_qual_override", "Override reference qualifier"),
        text("reference_qual", "Reference qualifier", length=1000),
    ),
)

DOCUMENTATION = Table(
    name="sys_documentation",
    label="Field Label",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("element", "Element", length=80),
        text("language", "Language", length=3, default="en"),
        text("label", "Label", length=80, display=True),
        text("plural", "Plural", length=80),
        text("help", "Help", length=4000),
        text("hint", "Hint", length=255),
        typed("url", "URL", "url", length=1024),
        text("url_target", "URL target"),
    ),
)

CHOICE = Table(
    name="sys_choice",
    label="Choice",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("element", "Element", length=80, indexed=True),
        text("value", "Value", length=100),
        text("label", "Label", length=100, display=True),
        text("language", "Language", length=3, default="en"),
        number("sequence", "Sequence"),
        boolean("inactive", "Inactive"),
        text("dependent_value", "Dependent value", length=40),
        text("hint", "Hint", length=255),
        text("synonyms", "Synonyms", length=255),
    ),
)

CHOICE_SET = Table(
    name="sys_choice_set",
    label="Choice Set",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("element", "Element", length=80, display=True),
    ),
)

GLIDE_OBJECT = Table(
    name="sys_glide_object",
    label="Field class",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Name", length=40, indexed=True),
        text("label", "Label", length=80, display=True),
        text("scalar_type", "Scalar type", length=40),
        number("scalar_length", "Length"),
        text("class_name", "Class name", length=255),
        text("attributes", "Attributes", length=1000),
        boolean("visible", "Visible", default="true"),
        boolean("use_original_value", "Use original value"),
    ),
)

JOURNAL_FIELD = Table(
    name="sys_journal_field",
    label="Journal Entry",
    fields=(
        *SYSTEM_FIELDS,
        text("element_id", "Element ID", length=32, indexed=True),
        text("element", "Element", length=80, display=True),
        text("name", "Name", length=80),
        typed("value", "Value", "journal_field", length=65000),
    ),
)

NUMBER = Table(
    name="sys_number",
    label="Numbers",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("category", "Table", length=80, display=True, indexed=True),
        text("prefix", "Prefix"),
        number("number", "Number"),
        number("maximum_digits", "Number of digits", default="7"),
    ),
)

NUMBER_COUNTER = Table(
    name="sys_number_counter",
    label="Number Counter",
    fields=(
        *SYSTEM_FIELDS,
        text("table", "Table", length=80, display=True, indexed=True),
        number("number", "Number"),
    ),
)

PROPERTY = Table(
    name="sys_properties",
    label="System Property",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("value", "Value", length=4000),
        text("type", "Type", length=40, default="string"),
        text("description", "Description", length=1000),
        text("choices", "Choices", length=4000),
        text("suffix", "Suffix", length=40),
        boolean("ignore_cache", "Ignore cache"),
        boolean("is_private", "Private"),
        typed("read_roles", "Read roles", "user_roles", length=255),
        typed("write_roles", "Write roles", "user_roles", length=255),
    ),
)

DYNAMIC_FILTER = Table(
    name="sys_filter_option_dynamic",
    label="Dynamic Filter Option",
    fields=(
        *SYSTEM_FIELDS,
        *METADATA_FIELDS,
        text("label", "Label", length=100, display=True),
        text("script", "Script", length=1000),
        reference("script_include", "Script Include", "sys_script_include"),
        text("field_type", "Field type"),
        text("table", "Referenced table", length=80),
        boolean("available_for_filter", "Available for filter", default="true"),
        boolean("available_for_ref_qual", "Available for ref qual"),
        boolean("available_for_default", "Available for default"),
        typed("roles", "Roles", "user_roles", length=255),
        number("order", "Order", default="100"),
        boolean("active", "Active", default="true"),
    ),
)

SYSTEM_TABLES = (
    DB_OBJECT,
    DICTIONARY,
    DICTIONARY_OVERRIDE,
    DOCUMENTATION,
    CHOICE,
    CHOICE_SET,
    GLIDE_OBJECT,
    JOURNAL_FIELD,
    NUMBER,
    NUMBER_COUNTER,
    PROPERTY,
    DYNAMIC_FILTER,
)
