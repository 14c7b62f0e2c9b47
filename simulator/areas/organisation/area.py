"""People, groups, roles, companies and places."""

from simulator.area import Area
from simulator.areas.organisation.acls import acls
from simulator.areas.organisation.choices import CHOICES
from simulator.areas.organisation.place_tables import PLACE_TABLES
from simulator.areas.organisation.rules import rules
from simulator.areas.organisation.tables import PEOPLE_TABLES

AREA = Area(
    name="organisation",
    tables=(*PEOPLE_TABLES, *PLACE_TABLES),
    choices=CHOICES,
    rules=rules,
    acls=acls,
)
