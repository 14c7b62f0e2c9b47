"""What the demo items ask: variables of every common type, sets, choices, form behaviour."""

from simulator.areas.catalog.seed.items import GUIDE
from simulator.areas.catalog.seed.naming import Rows, Values, item_id, set_id, variable_id
from simulator.areas.catalog.variable_types import TYPES
from simulator.data.sys_ids import stable_sys_id

_NUMBERS = {friendly: number for number, (_, friendly) in TYPES.items()}

_MUST: Values = {"mandatory": "true"}
_PEOPLE: Values = {"reference": "sys_user", "reference_qual": "active=true"}

Asked = tuple[str, str, str, Values]

# item: (type, name, question, what else)
_OWN: dict[str, tuple[Asked, ...]] = {
    "Standard Laptop": (
        ("label", "optional_software", "Optional Software", {}),
        ("check_box", "acrobat", "PDF Editor", {"price_if_checked": "80"}),
        ("check_box", "photoshop", "Photo Editor", {"rec_price_if_checked": "20"}),
        ("multi_line_text", "additional_software", "Additional software requirements", {}),
    ),
    "Developer Laptop": (
        ("select_box", "memory", "Memory", _MUST),
        (
            "multiple_choice",
            "operating_system",
            "Operating system",
            {**_MUST, "default_value": "linux"},
        ),
        ("numeric_scale", "urgency", "How urgent is it?", {"scale_min": "1", "scale_max": "5"}),
    ),
    "Business Phone": (
        ("yes_no", "replacement", "Is this a replacement?", {**_MUST, "default_value": "No"}),
        ("single_line_text", "original_number", "Original phone number", {}),
        ("select_box", "data_plan", "Data plan", {**_MUST, "include_none": "true"}),
    ),
    "Software Installation": (
        ("wide_single_line_text", "software", "Which software?", _MUST),
        ("url", "website", "Where is it from?", {}),
        ("date", "needed_by", "Needed by", {}),
    ),
    "New Email Account": (
        ("email", "new_email", "Preferred email address", _MUST),
        ("html", "signature", "Signature", {}),
    ),
    "Distribution List": (
        ("single_line_text", "list_name", "Name of the list", _MUST),
        ("list_collector", "members", "Members", {"list_table": "sys_user", **_MUST}),
    ),
    "Corporate VPN Access": (
        ("masked", "pass_phrase", "Pass phrase", {**_MUST, "mask_use_confirmation": "true"}),
        ("date_time", "from_when", "From when", {}),
        ("ip_address", "home_address", "Address at home", {}),
    ),
    "Application Role": (
        (
            "container_start",
            "what",
            "What you need",
            {"layout": "2across", "display_title": "true"},
        ),
        (
            "lookup_select_box",
            "application",
            "Application",
            {
                **_MUST,
                "lookup_table": "cmdb_ci_service",
                "lookup_value": "sys_id",
                "lookup_label": "name",
            },
        ),
        ("container_split", "split", "", {}),
        ("single_line_text", "role", "Role", _MUST),
        ("container_end", "what_end", "", {}),
        ("multi_line_text", "reason", "Reason", {"help_text": "Who needs it, and what for."}),
    ),
    "Building Badge": (
        (
            "requested_for",
            "badge_for",
            "Who is the badge for?",
            {**_MUST, "enable_also_request_for": "true"},
        ),
        ("reference", "building", "Building", {**_MUST, "reference": "cmn_location"}),
    ),
    "Desk Set Up": (("multi_line_text", "ergonomic_office", "Ergonomic requirements", {}),),
    "Virtual Server": (
        ("single_line_text", "server_name", "Name", _MUST),
        ("select_box", "size", "Size", _MUST),
        ("duration", "lifetime", "How long it is needed", {}),
        ("reference", "owner", "Owner", {**_PEOPLE, "default_value": "javascript:gs.getUserID()"}),
    ),
    "Database Instance": (
        ("single_line_text", "database_name", "Name of the database", _MUST),
        ("multiple_choice", "engine", "Engine", {**_MUST, "default_value": "postgres"}),
    ),
    "Firewall Rule": (
        ("ip_address", "source", "From", _MUST),
        ("ip_address", "destination", "To", _MUST),
        ("single_line_text", "port", "Port", _MUST),
    ),
    "Report an Incident": (
        ("select_box", "urgency", "How urgent is it?", {"default_value": "3"}),
        (
            "single_line_text",
            "what_happened",
            "What happened?",
            {**_MUST, "map_to_field": "true", "field": "short_description"},
        ),
        (
            "multi_line_text",
            "comments",
            "Tell us more",
            {"map_to_field": "true", "field": "comments"},
        ),
        ("attachment", "screenshot", "Screenshot", {}),
    ),
    "Ask a Question": (("multi_line_text", "description", "Your question", _MUST),),
    "Request a Change": (
        ("single_line_text", "short_description", "What shall change?", _MUST),
        ("reference", "cmdb_ci", "Which system?", {"reference": "cmdb_ci"}),
        ("multi_line_text", "justification", "Why?", {}),
    ),
    GUIDE: (
        ("reference", "hiring_manager", "Hiring manager", {**_PEOPLE, **_MUST}),
        ("yes_no", "remote", "Works remotely?", {**_MUST, "default_value": "No"}),
        ("select_box", "laptop_type", "Laptop", {**_MUST, "default_value": "standard"}),
    ),
}

# internal name: (title, variables, items that have it)
_SETS: dict[str, tuple[str, tuple[Asked, ...], tuple[str, ...]]] = {
    "delivery_details": (
        "Delivery details",
        (
            ("reference", "deliver_to", "Deliver to", {"reference": "cmn_location"}),
            ("break", "line", "", {}),
            ("single_line_text", "room", "Room", {}),
        ),
        ("Standard Laptop", "Developer Laptop", "Sales Laptop", "External Monitor"),
    ),
    "cost_details": (
        "Cost details",
        (("single_line_text", "cost_center", "Cost center", {}),),
        ("Photo Editor", "Virtual Server", "Database Instance"),
    ),
    "new_users": (
        "New users",
        (
            ("reference", "user", "User", {**_PEOPLE, **_MUST}),
            ("select_box", "permission", "Permission", {"default_value": "read"}),
        ),
        ("Database Instance",),
    ),
}
_MULTI_ROW = ("new_users",)

# owner and variable: (value, text, price, recurring price)
_CHOICES: dict[tuple[str, str], tuple[tuple[str, str, str, str], ...]] = {
    ("Developer Laptop", "memory"): (
        ("16", "16 GB", "0", "0"),
        ("32", "32 GB", "150", "0"),
        ("64", "64 GB", "400", "0"),
    ),
    ("Developer Laptop", "operating_system"): (
        ("linux", "Linux", "0", "0"),
        ("other", "Another one", "0", "0"),
    ),
    ("Business Phone", "data_plan"): (
        ("500mb", "500 MB", "0", "0"),
        ("5gb", "5 GB", "0", "10"),
        ("unlimited", "Unlimited", "0", "25"),
    ),
    ("Virtual Server", "size"): (
        ("small", "Small", "0", "0"),
        ("medium", "Medium", "0", "60"),
        ("large", "Large", "0", "140"),
    ),
    ("Database Instance", "engine"): (
        ("postgres", "PostgreSQL", "0", "0"),
        ("oracle", "Oracle", "0", "300"),
    ),
    ("Report an Incident", "urgency"): (
        ("1", "High", "0", "0"),
        ("2", "Medium", "0", "0"),
        ("3", "Low", "0", "0"),
    ),
    ("new_users", "permission"): (
        ("read", "Read", "0", "0"),
        ("write", "Read and write", "0", "0"),
    ),
    (GUIDE, "laptop_type"): (
        ("standard", "Standard", "0", "0"),
        ("developer", "For developers", "0", "0"),
        ("none", "None", "0", "0"),
    ),
}


def tables() -> Rows:
    """Tables and their rows, in an order in which what is referred to is there before."""
    return [
        ("item_option_new_set", [_set(name, title) for name, (title, _, _) in _SETS.items()]),
        ("item_option_new", _variables()),
        ("io_set_item", _uses()),
        ("question_choice", _choices()),
        ("catalog_ui_policy", [_policy()]),
        ("catalog_ui_policy_action", [_policy_action()]),
        ("catalog_script_client", [_script()]),
    ]


def _variables() -> list[Values]:
    own = [
        _variable(item, at, *asked, owner={"cat_item": item_id(item)})
        for item, variables in _OWN.items()
        for at, asked in enumerate(variables)
    ]
    shared = [
        _variable(name, at, *asked, owner={"variable_set": set_id(name)})
        for name, (_, variables, _) in _SETS.items()
        for at, asked in enumerate(variables)
    ]
    return own + shared


def _variable(
    where: str, at: int, kind: str, name: str, text: str, more: Values, *, owner: Values
) -> Values:
    return {
        "sys_id": variable_id(where, name),
        "sys_class_name": "item_option_new",
        "name": name,
        "question_text": text,
        "type": _NUMBERS[kind],
        "order": str((at + 1) * 100),
        **owner,
        **more,
    }


def _set(name: str, title: str) -> Values:
    kind = "one_to_many" if name in _MULTI_ROW else "one_to_one"
    names = {"title": title, "name": title, "internal_name": name}
    return {"sys_id": set_id(name), "type": kind, **names}


def _uses() -> list[Values]:
    return [
        {
            "sys_id": stable_sys_id("io_set_item", item, name),
            "sc_cat_item": item_id(item),
            "variable_set": set_id(name),
            "order": "1000",
        }
        for name, (_, _, items) in _SETS.items()
        for item in items
    ]


def _choices() -> list[Values]:
    return [
        {
            "sys_id": stable_sys_id("question_choice", owner, name, value),
            "question": variable_id(owner, name),
            "value": value,
            "text": text,
            "misc": price,
            "rec_misc": recurring,
            "order": str((at + 1) * 100),
        }
        for (owner, name), choices in _CHOICES.items()
        for at, (value, text, price, recurring) in enumerate(choices)
    ]


_PHONE = "Business Phone"
_POLICY = stable_sys_id("catalog_ui_policy", _PHONE)


def _policy() -> Values:
    return {
        "sys_id": _POLICY,
        "short_description": "A replacement has a number already",
        "catalog_item": item_id(_PHONE),
        "catalog_conditions": f"IO:{variable_id(_PHONE, 'replacement')}=Yes^EQ",
    }


def _policy_action() -> Values:
    return {
        "sys_id": stable_sys_id("catalog_ui_policy_action", _PHONE),
        "ui_policy": _POLICY,
        "catalog_item": item_id(_PHONE),
        "catalog_variable": f"IO:{variable_id(_PHONE, 'original_number')}",
        "variable": "original_number",
        "mandatory": "true",
        "visible": "true",
    }


def _script() -> Values:
    return {
        "sys_id": stable_sys_id("catalog_script_client", _PHONE),
        "name": "Warn about roaming",
        "cat_item": item_id(_PHONE),
        "cat_variable": f"IO:{variable_id(_PHONE, 'data_plan')}",
        "type": "onChange",
        "script": "function onChange(control, oldValue, newValue, isLoading) {}",
    }
