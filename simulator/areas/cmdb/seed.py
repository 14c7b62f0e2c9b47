"""Rows of configuration items."""

from collections.abc import Iterator

from simulator.areas.organisation.places import COMPANY, CONFIGURATION_ITEMS, MAKERS
from simulator.instance import Instance
from simulator.seed import ids

Values = dict[str, str]


def plant(instance: Instance) -> None:
    """Insert them."""
    for table in sorted({item[0] for item in CONFIGURATION_ITEMS}):
        instance.insert_many(table, list(_items(table)))


def _items(table: str) -> Iterator[Values]:
    for kind, name, description, group, location, maker in CONFIGURATION_ITEMS:
        if kind == table:
            yield {
                "sys_id": ids.item_id(name),
                "sys_class_name": table,
                "name": name,
                "short_description": description,
                "support_group": ids.group_id(group),
                "location": ids.location_id(location) if location else "",
                "manufacturer": ids.company_id(MAKERS[maker]) if maker else "",
                "company": ids.company_id(COMPANY),
                "environment": "production",
            }
