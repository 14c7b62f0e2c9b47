"""Agile development."""

from simulator.area import Area
from simulator.areas.agile.acls import acls
from simulator.areas.agile.choices import CHOICES
from simulator.areas.agile.rules import POLICIES, rules
from simulator.areas.agile.tables import AGILE_TABLES

AREA = Area(
    name="agile",
    tables=AGILE_TABLES,
    choices=CHOICES,
    rules=rules,
    policies=POLICIES,
    acls=acls,
    plugin="com.snc.sdlc.agile.2.0",
)
