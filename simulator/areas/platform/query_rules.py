"""Business rules before queries that the base instance has."""

from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance

_ACTIVE_PEOPLE = "if (!gs.hasRole('admin')) {\n    current.addActiveQuery();\n}"


def plant_query_rules(instance: Instance) -> None:
    """The rule that hides inactive people, switched off: the demo shows everybody."""
    row = {
        "sys_id": stable_sys_id("sys_script", "user query", "sys_user"),
        "name": "user query",
        "collection": "sys_user",
        "active": "false",
        "advanced": "true",
        "when": "before",
        "action_query": "true",
        "script": _ACTIVE_PEOPLE,
    }
    instance.insert("sys_script", row)
