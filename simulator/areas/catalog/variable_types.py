"""The types of a variable: the number it is stored as, its label, and the API's name for it."""

from enum import StrEnum


class Kind(StrEnum):
    """The types that behave in a way of their own, by the number they are stored as."""

    YES_NO = "1"
    MULTIPLE_CHOICE = "3"
    NUMERIC_SCALE = "4"
    SELECT_BOX = "5"
    CHECK_BOX = "7"
    REFERENCE = "8"
    LABEL = "11"
    BREAK = "12"
    MACRO = "14"
    UI_PAGE = "15"
    MACRO_WITH_LABEL = "17"
    LOOKUP_SELECT_BOX = "18"
    CONTAINER_START = "19"
    CONTAINER_END = "20"
    LIST_COLLECTOR = "21"
    LOOKUP_MULTIPLE_CHOICE = "22"
    CONTAINER_SPLIT = "24"
    MASKED = "25"
    REQUESTED_FOR = "31"
    RICH_TEXT_LABEL = "32"
    MULTI_ROW = "sc_multi_row"


# number: (label in the list of types, the API's friendly_type)
TYPES = {
    "5": ("Select Box", "select_box"),
    "1": ("Yes / No", "yes_no"),
    "2": ("Multi Line Text", "multi_line_text"),
    "3": ("Multiple Choice", "multiple_choice"),
    "4": ("Numeric Scale", "numeric_scale"),
    "6": ("Single Line Text", "single_line_text"),
    "7": ("CheckBox", "check_box"),
    "8": ("Reference", "reference"),
    "9": ("Date", "date"),
    "10": ("Date/Time", "date_time"),
    "11": ("Label", "label"),
    "12": ("Break", "break"),
    "14": ("Custom", "macro"),
    "15": ("UI Page", "ui_page"),
    "16": ("Wide Single Line Text", "wide_single_line_text"),
    "17": ("Custom with Label", "macro_with_label"),
    "18": ("Lookup Select Box", "lookup_select_box"),
    "19": ("Container Start", "container_start"),
    "20": ("Container End", "container_end"),
    "21": ("List Collector", "list_collector"),
    "22": ("Lookup Multiple Choice", "lookup_multiple_choice"),
    "23": ("HTML", "html"),
    "24": ("Container Split", "container_split"),
    "25": ("Masked", "masked"),
    "26": ("Email", "email"),
    "27": ("URL", "url"),
    "28": ("IP Address", "ip_address"),
    "29": ("Duration", "duration"),
    "31": ("Requested For", "requested_for"),
    "32": ("Rich Text Label", "rich_text_label"),
    "33": ("Attachment", "attachment"),
}

LABELS = {number: label for number, (label, _) in TYPES.items()}
FRIENDLY = {number: friendly for number, (_, friendly) in TYPES.items()}

# Nothing is answered to these.
SILENT = frozenset(
    {
        Kind.LABEL,
        Kind.BREAK,
        Kind.UI_PAGE,
        Kind.CONTAINER_START,
        Kind.CONTAINER_END,
        Kind.CONTAINER_SPLIT,
        Kind.RICH_TEXT_LABEL,
    }
)
WITH_CHOICES = frozenset({Kind.SELECT_BOX, Kind.MULTIPLE_CHOICE})
LOOKUPS = frozenset({Kind.LOOKUP_SELECT_BOX, Kind.LOOKUP_MULTIPLE_CHOICE})
PRICED = frozenset({Kind.SELECT_BOX, Kind.MULTIPLE_CHOICE, Kind.CHECK_BOX, *LOOKUPS})
