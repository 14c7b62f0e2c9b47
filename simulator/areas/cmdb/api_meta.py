"""The CMDB meta API: `/api/now/cmdb/meta/{class}`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.areas.cmdb.identifying import is_class, rule_of
from simulator.areas.cmdb.refusals import InvalidClass
from simulator.data.sys_ids import stable_sys_id
from simulator.errors import ApiRefused
from simulator.instance import Instance, Row
from simulator.schema import Field


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {"/api/now{version}/cmdb/meta/{class_name}": {"GET": _meta}})


async def _meta(instance: Instance, request: Request, person: Person) -> Response:
    if not person.has_any(ITIL):
        raise ApiRefused
    name = request.path_params["class_name"]
    if not is_class(instance, name):
        raise InvalidClass(name)
    table = instance.dictionary.tables[name]
    tables = instance.dictionary.tables.values()
    own = {field.name for field in table.fields}
    result = {
        "name": name,
        "label": table.label,
        "parent": table.extends,
        "children": [one.name for one in tables if one.extends == name],
        "is_extendable": True,
        "icon": stable_sys_id("icon", name),
        "icon_url": f"images/app.ngbsm/{name.removeprefix('cmdb_ci_')}.svg",
        "attributes": [
            _attribute(field, is_own=field.name in own)
            for field in instance.dictionary.fields_of(name).values()
        ],
        "relationship_rules": _relationship_rules(instance, name),
        "identification_rules": _identification_rules(instance, name),
    }
    return answer({"result": result})


def _attribute(field: Field, *, is_own: bool) -> dict[str, str | None]:
    shown: dict[str, str | None] = {
        "is_inherited": _flag(on=not is_own),
        "is_mandatory": _flag(on=field.mandatory),
        "is_read_only": _flag(on=field.read_only),
        "default_value": field.default or None,
        "label": field.label,
        "type": field.type,
        "element": field.name,
        "max_length": str(field.length),
        "is_display": _flag(on=field.display),
    }
    return shown | ({"reference": field.reference} if field.reference else {})


def _relationship_rules(instance: Instance, name: str) -> list[dict[str, str]]:
    above = set(instance.dictionary.ancestors(name))
    return [
        {"parent": row["parent_type"], "relation_type": row["rel_type"], "child": row["child_type"]}
        for row in instance.query("cmdb_metadata_hosting", "ORDERBYchild_type")
        if row["parent_type"] in above or row["child_type"] in above
    ]


def _identification_rules(instance: Instance, name: str) -> dict[str, object]:
    rule = rule_of(instance, name)
    if rule is None:
        return {}
    return {
        "name": rule.name,
        "applies_to": rule.applies_to,
        "description": f"Identifier for {rule.applies_to}",
        "active": True,
        "is_independent": rule.independent,
        "identifiers": [_identifier(entry) for entry in rule.entries],
        "related_rules": [],
    }


def _identifier(entry: Row) -> dict[str, object]:
    order = entry["order"]
    return {
        "condition": entry["condition"] or None,
        "exact_count_match": entry["exact_count_match"] == "true",
        "referenced_field": entry["referenced_field"] or None,
        "active": True,
        "attributes": entry["attributes"],
        "allow_fallback": entry["allow_fallback"] == "true",
        "table": entry["table"] or None,
        "order": int(order) if order.isdecimal() else 0,
        "allow_null_attribute": entry["allow_null_attribute"] == "true",
    }


def _flag(*, on: bool) -> str:
    return "true" if on else "false"
