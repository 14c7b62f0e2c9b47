"""Rows of configuration items, what tells them apart, and how they hang together."""

from collections.abc import Iterator

from simulator.areas.cmdb.demo_items import CATEGORIES, ITEMS, MODELS, RELATIONS
from simulator.areas.cmdb.identification_rules import entry_rows, identifier_rows
from simulator.areas.cmdb.relation_types import hosting_rows, type_id, type_rows
from simulator.areas.organisation.places import COMPANY, CONFIGURATION_ITEMS, MAKERS
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.seed import ids

Values = dict[str, str]

_SOFTWARE_MAKER = "Brightline Software"


def plant(instance: Instance) -> None:
    """Insert them."""
    plant_rules(instance)
    instance.insert_many("cmdb_model_category", list(_categories()))
    for table in sorted({model[0] for model in MODELS}):
        instance.insert_many(table, list(_models(table)))
    items = [*_items(), *_further_items()]
    for table in sorted({item["sys_class_name"] for item in items}):
        instance.insert_many(table, [one for one in items if one["sys_class_name"] == table])
    instance.insert_many("cmdb_rel_ci", list(_relations()))


def plant_rules(instance: Instance) -> None:
    """Insert what every instance has: relationship types, hosting and identification rules."""
    instance.insert_many("cmdb_rel_type", type_rows())
    instance.insert_many("cmdb_metadata_hosting", hosting_rows())
    instance.insert_many("cmdb_identifier", identifier_rows())
    instance.insert_many("cmdb_identifier_entry", entry_rows())


def model_id(name: str) -> str:
    """The sys_id of a demo model."""
    return stable_sys_id("cmdb_model", name)


def category_id(name: str) -> str:
    """The sys_id of a model category."""
    return stable_sys_id("cmdb_model_category", name)


def _items() -> Iterator[Values]:
    for table, name, description, group, location, maker in CONFIGURATION_ITEMS:
        yield {
            "sys_id": ids.item_id(name),
            "sys_class_name": table,
            "name": name,
            "short_description": description,
            "support_group": ids.group_id(group),
            "location": ids.location_id(location) if location else "",
            "manufacturer": ids.company_id(MAKERS[maker]) if maker else "",
            "company": ids.company_id(COMPANY),
            "environment": "Production",
        }


def _further_items() -> Iterator[Values]:
    for table, name, description, group, location, more in ITEMS:
        yield {
            "sys_id": ids.item_id(name),
            "sys_class_name": table,
            "name": name,
            "short_description": description,
            "support_group": ids.group_id(group),
            "location": ids.location_id(location) if location else "",
            "company": ids.company_id(COMPANY),
            "environment": "Production",
            "discovery_source": "ServiceNow",
            **more,
        }


def _relations() -> Iterator[Values]:
    for parent, name, child in RELATIONS:
        yield {
            "sys_id": stable_sys_id("cmdb_rel_ci", parent, name, child),
            "parent": ids.item_id(parent),
            "type": type_id(name),
            "child": ids.item_id(child),
        }


def _models(table: str) -> Iterator[Values]:
    for kind, name, maker, number, category in MODELS:
        if kind == table:
            company = MAKERS[maker] or _SOFTWARE_MAKER
            yield {
                "sys_id": model_id(name),
                "sys_class_name": table,
                "name": name,
                "display_name": f"{company} {name}",
                "model_number": number,
                "manufacturer": ids.company_id(company),
                "cmdb_model_category": category_id(category),
            }


def _categories() -> Iterator[Values]:
    for name, item_class, asset_class in CATEGORIES:
        yield {
            "sys_id": category_id(name),
            "name": name,
            "cmdb_ci_class": item_class,
            "asset_class": asset_class,
        }
