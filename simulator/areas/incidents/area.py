"""Incidents."""

from simulator.area import Area
from simulator.areas.incidents.acls import acls
from simulator.areas.incidents.autoclose import JOBS
from simulator.areas.incidents.choices import CHOICES
from simulator.areas.incidents.rules import POLICIES, rules
from simulator.areas.incidents.tables import INCIDENT_TABLES

AREA = Area(
    name="incidents",
    tables=INCIDENT_TABLES,
    choices=CHOICES,
    rules=rules,
    policies=POLICIES,
    acls=acls,
    jobs=JOBS,
)
