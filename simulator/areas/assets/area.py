"""Assets and contracts."""

from simulator.area import Area
from simulator.areas.assets.acls import acls
from simulator.areas.assets.choices import CHOICES
from simulator.areas.assets.rules import rules
from simulator.areas.assets.tables import ASSET_TABLES

AREA = Area(name="assets", tables=ASSET_TABLES, choices=CHOICES, rules=rules, acls=acls)
