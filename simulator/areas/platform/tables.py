"""Tables that describe the instance itself: dictionary, choices, journals, numbers, properties."""

from simulator.schema import SYSTEM_FIELDS, Table, boolean, choice, number, reference, text, typed

DB_OBJECT = Table(
    name="sys_db_object",
    label="Table",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=80, indexed=True),
        text("label", "Label", length=80, display=True),
        reference("super_class", "Extends table", "sys_db_object", indexed=True),
        reference("number_ref", "Auto number", "sys_number"),
        boolean("is_extendable", "Extensible"),
        boolean("ws_access", "Allow access to this table via web services", default="true"),
        choice("access", "Accessible from", default="public"),
    ),
)

DICTIONARY = Table(
    name="sys_dictionary",
    label="Dictionary Entry",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Table", length=80, indexed=True),
        text("element", "Column name", length=80, indexed=True),
        text("column_label", "Column label", length=80, display=True),
        text("internal_type", "Type", length=40),
        text("reference", "Reference", length=80),
        number("max_length", "Max length"),
        number("choice", "Choice", default="0", choices=True),
        text("default_value", "Default value", length=255),
        boolean("mandatory", "Mandatory"),
        boolean("read_only", "Read only"),
        boolean("display", "Display"),
        boolean("unique", "Unique"),
        boolean("array", "Array"),
        boolean("active", "Active", default="true"),
        text("attributes", "Attributes", length=1000),
        text("comments", "Comments", length=4000),
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
        text("category", "Table", length=80, display=True, indexed=True),
        text("prefix", "Prefix"),
        number("number", "Number"),
        number("maximum_digits", "Number of digits", default="7"),
    ),
)

PROPERTY = Table(
    name="sys_properties",
    label="System Property",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True, indexed=True),
        text("value", "Value", length=4000),
        text("type", "Type", length=40, default="string"),
        text("description", "Description", length=1000),
    ),
)

DYNAMIC_FILTER = Table(
    name="sys_filter_option_dynamic",
    label="Dynamic Filter Option",
    fields=(
        *SYSTEM_FIELDS,
        text("label", "Label", length=100, display=True),
        text("script", "Script", length=1000),
        text("field_type", "Field type"),
        text("table", "Referenced table", length=80),
        boolean("active", "Active", default="true"),
    ),
)

SYSTEM_TABLES = (
    DB_OBJECT,
    DICTIONARY,
    CHOICE,
    JOURNAL_FIELD,
    NUMBER,
    PROPERTY,
    DYNAMIC_FILTER,
)
