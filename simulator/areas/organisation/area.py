"""People, groups, roles, companies and places."""

from simulator.area import Area
from simulator.areas.organisation.acls import acls
from simulator.areas.organisation.choices import CHOICES
from simulator.areas.organisation.rules import rules
from simulator.areas.organisation.tables import ORGANISATION_TABLES

AREA = Area(
    name="organisation", tables=ORGANISATION_TABLES, choices=CHOICES, rules=rules, acls=acls
)
