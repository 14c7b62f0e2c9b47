"""Import sets."""

from simulator.area import Area
from simulator.areas.imports.acls import acls
from simulator.areas.imports.choices import CHOICES
from simulator.areas.imports.tables import IMPORT_TABLES

AREA = Area(name="imports", tables=IMPORT_TABLES, choices=CHOICES, acls=acls)
