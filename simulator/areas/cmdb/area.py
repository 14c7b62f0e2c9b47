"""Configuration items."""

from simulator.area import Area
from simulator.areas.cmdb.acls import acls
from simulator.areas.cmdb.choices import CHOICES
from simulator.areas.cmdb.tables import CMDB_TABLES

AREA = Area(name="cmdb", tables=CMDB_TABLES, choices=CHOICES, acls=acls)
