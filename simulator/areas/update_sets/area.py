"""Update sets."""

from simulator.area import Area
from simulator.areas.update_sets.acls import acls
from simulator.areas.update_sets.choices import CHOICES
from simulator.areas.update_sets.rules import rules
from simulator.areas.update_sets.tables import UPDATE_SET_TABLES

AREA = Area(name="update_sets", tables=UPDATE_SET_TABLES, choices=CHOICES, rules=rules, acls=acls)
