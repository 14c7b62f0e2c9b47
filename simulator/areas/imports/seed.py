"""Transform maps of the two staging tables there are."""

from collections.abc import Iterator, Mapping

from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

_USER = {
    "user_id": "user_name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "department": "department",
    "location": "location",
    "manager": "manager",
}
_INCIDENT = {
    "u_correlation_id": "correlation_id",
    "u_short_description": "short_description",
    "u_description": "description",
    "u_caller": "caller_id",
    "u_impact": "impact",
    "u_urgency": "urgency",
    "u_category": "category",
    "u_assignment_group": "assignment_group",
    "u_comments": "comments",
}

# A person is never made because a name was misspelt; a department may be.
_IGNORED = frozenset({"manager", "caller_id", "assignment_group", "impact", "urgency", "category"})


def plant(instance: Instance) -> None:
    """Insert them."""
    for name, source, target, fields, coalesced in (
        ("User", "imp_user", "sys_user", _USER, "user_name"),
        ("Incident import", "u_incident_import", "incident", _INCIDENT, "correlation_id"),
    ):
        sys_id = stable_sys_id("sys_transform_map", name)
        values = {"sys_id": sys_id, "name": name, "source_table": source, "target_table": target}
        values["create_new_record_on_empty_coalesce_fields"] = "true"
        instance.insert("sys_transform_map", values)
        rows = _entries(sys_id, source, target, fields=fields, coalesced=coalesced)
        instance.insert_many("sys_transform_entry", list(rows))


def _entries(
    transform_map: str, source: str, target: str, *, fields: Mapping[str, str], coalesced: str
) -> Iterator[dict[str, str]]:
    for source_field, target_field in fields.items():
        yield {
            "sys_id": stable_sys_id("sys_transform_entry", transform_map, target_field),
            "map": transform_map,
            "source_table": source,
            "source_field": source_field,
            "target_table": target,
            "target_field": target_field,
            "coalesce": "true" if target_field == coalesced else "false",
            "choice_action": "ignore" if target_field in _IGNORED else "create",
        }
