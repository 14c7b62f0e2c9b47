"""Forms and lists of the demo: which fields each view shows."""

from collections.abc import Mapping, Sequence

from simulator.data.platform_rows import DEFAULT_VIEW_ID
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

_TITLES = {"ess": "Self Service", "mobile": "Mobile", "workspace": "Workspace"}
_VIEWS = {
    "": DEFAULT_VIEW_ID,
    **{name: stable_sys_id("sys_ui_view", name) for name in _TITLES},
}

_INCIDENT = (
    *("number", "caller_id", "category", "subcategory", "business_service", "cmdb_ci"),
    *("contact_type", "state", "impact", "urgency", "priority", "assignment_group"),
    *("assigned_to", "short_description", "description", "watch_list", "comments", "work_notes"),
    *("close_code", "close_notes", "resolved_by", "resolved_at"),
)
_CHANGE = (
    *("number", "requested_by", "category", "business_service", "cmdb_ci", "priority", "risk"),
    *("impact", "type", "state", "conflict_status", "assignment_group", "assigned_to"),
    *("short_description", "description", "justification", "implementation_plan"),
    *("backout_plan", "test_plan", "start_date", "end_date", "close_code", "close_notes"),
)

# By table and view: the fields of the form.
FORMS: Mapping[tuple[str, str], Sequence[str]] = {
    ("incident", ""): _INCIDENT,
    ("incident", "ess"): (
        *("number", "caller_id", "state", "urgency", "opened_at", "short_description"),
        *("description", "comments"),
    ),
    ("incident", "mobile"): ("number", "short_description", "state", "priority", "assigned_to"),
    ("problem", ""): (
        *("number", "category", "cmdb_ci", "state", "impact", "urgency", "priority"),
        *("assignment_group", "assigned_to", "short_description", "description", "work_notes"),
        *("cause_notes", "fix_notes", "close_notes"),
    ),
    ("change_request", ""): _CHANGE,
    ("task", ""): (
        *("number", "priority", "state", "assignment_group", "assigned_to", "short_description"),
        *("description", "comments", "work_notes"),
    ),
    ("sys_user", ""): (
        *("user_name", "first_name", "last_name", "title", "department", "email"),
        *("business_phone", "mobile_phone", "active", "locked_out", "time_zone", "date_format"),
    ),
    ("sys_user_group", ""): ("name", "manager", "email", "parent", "type", "description"),
    ("cmdb_ci", ""): (
        *("name", "asset_tag", "manufacturer", "serial_number", "model_id", "assigned_to"),
        *("company", "location", "department", "operational_status", "short_description"),
    ),
}

# By table and view: the columns of the list.
LISTS: Mapping[tuple[str, str], Sequence[str]] = {
    ("incident", ""): (
        *("number", "opened_at", "short_description", "caller_id", "priority", "state"),
        *("category", "assignment_group", "assigned_to", "sys_updated_on", "sys_updated_by"),
    ),
    ("incident", "ess"): ("number", "short_description", "state", "opened_at"),
    ("problem", ""): ("number", "short_description", "state", "priority", "assigned_to"),
    ("change_request", ""): ("number", "short_description", "type", "state", "assigned_to"),
    ("sys_user", ""): ("user_name", "name", "email", "active", "sys_created_on"),
}


def plant_views(instance: Instance) -> None:
    """Views, forms and lists."""
    views = [
        {"sys_id": _VIEWS[name], "name": name, "title": title, "sys_name": title}
        for name, title in _TITLES.items()
    ]
    instance.insert_many("sys_ui_view", views)
    for (table, view), fields in FORMS.items():
        _plant_form(instance, table, view, fields)
    for (table, view), fields in LISTS.items():
        _plant_list(instance, table, view, fields)


def _plant_form(instance: Instance, table: str, view: str, fields: Sequence[str]) -> None:
    section = stable_sys_id("sys_ui_section", table, view)
    form = stable_sys_id("sys_ui_form", table, view)
    about = {"name": table, "view": _VIEWS[view]}
    instance.insert("sys_ui_section", {**about, "sys_id": section, "view_name": view})
    instance.insert("sys_ui_form", {**about, "sys_id": form})
    joined = {"sys_ui_form": form, "sys_ui_section": section, "position": "0"}
    joint = stable_sys_id("sys_ui_form_section", table, view)
    instance.insert("sys_ui_form_section", {**joined, "sys_id": joint})
    elements = [
        {
            "sys_id": stable_sys_id("sys_ui_element", table, view, field),
            "sys_ui_section": section,
            "element": field,
            "position": str(position),
        }
        for position, field in enumerate(fields)
    ]
    instance.insert_many("sys_ui_element", elements)


def _plant_list(instance: Instance, table: str, view: str, fields: Sequence[str]) -> None:
    sys_id = stable_sys_id("sys_ui_list", table, view)
    instance.insert("sys_ui_list", {"sys_id": sys_id, "name": table, "view": _VIEWS[view]})
    elements = [
        {
            "sys_id": stable_sys_id("sys_ui_list_element", table, view, field),
            "list_id": sys_id,
            "element": field,
            "position": str(position),
        }
        for position, field in enumerate(fields)
    ]
    instance.insert_many("sys_ui_list_element", elements)
