"""Plants the demo catalogue and what was ordered from it."""

from simulator.areas.catalog.seed import catalogues, criteria, forms, items
from simulator.areas.catalog.seed.orders import plant_orders
from simulator.instance import Instance

_PLANTED = (catalogues, items, forms, criteria)


def plant(instance: Instance) -> None:
    """Insert the rows. All of it is made up."""
    for part in _PLANTED:
        for table, rows in part.tables():
            instance.insert_many(table, rows)
    plant_orders(instance)
