"""How often each tool asks ServiceNow: tables that a test holds against what is measured.

Of a usual call, with every name given that has to be found, as in `NAMES`; several names are one
request, and two minutes long none. What is the same for every call of a person (tables, fields,
choices) is asked for once in ten minutes and not counted here.
"""

from typing import Final

_GROUP: Final = {"assignment_group": "Network"}
_PLACE: Final = {**_GROUP, "configuration_item": "switch-ber-2f"}
_PERSON: Final = {"assigned_to": "Beth Anglin"}

# The names that have to be found, for each tool that takes some.
NAMES: Final[dict[str, dict[str, str]]] = {
    "search_incidents": {**_PLACE, **_PERSON, "caller_is": "Abel Tuter", "category": "Network"},
    "create_incident": {**_PLACE, "category": "Network"},
    "update_incident": {**_PLACE, **_PERSON, "category": "Network"},
    "list_group_members": {},
    "list_change_requests": {**_PLACE, "category": "Network"},
    "create_change_request": {**_PLACE, "category": "Network"},
    "update_change_request": {**_PLACE, "category": "Network"},
    "add_change_task": {**_GROUP, **_PERSON},
    "search_problems": _PLACE,
    "search_catalog_items": {"catalog": "Service Catalog", "category": "Hardware"},
}

REQUESTS: Final = {
    "search_incidents": 2,
    "get_incident": 3,
    "create_incident": 3,
    "update_incident": 4,
    "resolve_incident": 3,
    "add_work_note": 3,
    "get_journal": 3,
    "lookup_user": 1,
    "lookup_group": 1,
    "list_group_members": 2,
    "get_my_profile": 3,
    "search_knowledge": 2,
    "get_article": 1,
    "get_my_tasks": 2,
    "get_my_approvals": 2,
    "get_approval": 2,
    "approve_or_reject": 4,
    "list_change_requests": 2,
    "get_change_request_details": 5,
    "create_change_request": 3,
    "update_change_request": 4,
    "add_change_task": 4,
    "submit_change_for_approval": 5,
    "approve_change": 7,
    "reject_change": 7,
    "check_change_conflicts": 5,
    "search_problems": 2,
    "get_problem": 2,
    "search_catalog_items": 3,
    "get_catalog_item": 2,
    "submit_catalog_request": 6,
    "list_my_requests": 2,
    "get_request_status": 5,
    "get_current_update_set": 1,
    "change_update_set": 5,
    "create_update_set": 5,
    "search": 4,
    "fetch": 1,
}

# Again within two minutes, by the same person.
REQUESTS_AGAIN: Final = {
    "search_incidents": 1,
    "create_incident": 2,
    "update_incident": 3,
    "list_group_members": 1,
    "list_change_requests": 1,
    "create_change_request": 2,
    "update_change_request": 3,
    "add_change_task": 3,
    "search_problems": 1,
    "search_catalog_items": 2,
}
