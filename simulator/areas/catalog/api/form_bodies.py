"""What the form of an item does in the browser: UI policies and client scripts."""

from simulator.areas.catalog.answering import text_of
from simulator.instance import Instance

Row = dict[str, str]
Body = dict[str, object]

_EVENTS = ("onChange", "onSubmit", "onLoad")


def form_body(instance: Instance, item: str) -> Body:
    """`ui_policy`, `client_script` and `data_lookup` of an item and its variable sets."""
    sets = [row["variable_set"] for row in instance.query("io_set_item", f"sc_cat_item={item}")]
    scripts = _of_item(instance, "catalog_script_client", "cat_item", item=item, sets=sets)
    policies = _of_item(instance, "catalog_ui_policy", "catalog_item", item=item, sets=sets)
    return {
        "ui_policy": [_policy(instance, row) for row in policies],
        "client_script": {
            event: [_script(row) for row in scripts if row["type"] == event] for event in _EVENTS
        },
        "data_lookup": [],
    }


def _of_item(
    instance: Instance, table: str, field: str, *, item: str, sets: list[str]
) -> list[Row]:
    encoded = f"{field}={item}^active=true^ORDERBYorder"
    found = instance.query(table, encoded)
    for one in sets:
        found += instance.query(table, f"variable_set={one}^active=true^ORDERBYorder")
    return found


def _policy(instance: Instance, row: Row) -> Body:
    actions = instance.query("catalog_ui_policy_action", f"ui_policy={row['sys_id']}^ORDERBYorder")
    return {
        "sys_id": row["sys_id"],
        "short_description": row["short_description"],
        "conditions": row["catalog_conditions"],
        "onload": row["on_load"] == "true",
        "reverse": row["reverse_if_false"] == "true",
        "script_true": text_of(row["script_true"]),
        "script_false": text_of(row["script_false"]),
        "actions": [
            {
                "name": action["catalog_variable"],
                "mandatory": action["mandatory"],
                "visible": action["visible"],
                "disabled": action["disabled"],
            }
            for action in actions
        ],
    }


def _script(row: Row) -> Body:
    return {
        "sys_id": row["sys_id"],
        "name": row["name"],
        "type": row["type"],
        "fieldName": row["cat_variable"],
        "script": row["script"],
    }
