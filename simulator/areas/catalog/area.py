"""The service catalogue and what is ordered from it."""

from simulator.area import Area
from simulator.areas.catalog.acls import acls
from simulator.areas.catalog.choices import CHOICES
from simulator.areas.catalog.rules import rules
from simulator.areas.catalog.tables import TABLES

PLUGIN = "com.glideapp.servicecatalog"

AREA = Area(
    name="catalog",
    tables=TABLES,
    choices=CHOICES,
    rules=rules,
    acls=acls,
    plugin=PLUGIN,
)
