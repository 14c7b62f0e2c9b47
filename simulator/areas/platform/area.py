"""The instance itself: dictionary, choices, journals, numbers, properties."""

from simulator.area import Area
from simulator.areas.platform.acls import acls
from simulator.areas.platform.choices import CHOICES
from simulator.areas.platform.tables import SYSTEM_TABLES

AREA = Area(name="platform", tables=SYSTEM_TABLES, choices=CHOICES, acls=acls)
