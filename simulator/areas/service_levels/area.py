"""Service levels and schedules."""

from simulator.area import Area
from simulator.areas.service_levels.acls import acls
from simulator.areas.service_levels.choices import CHOICES
from simulator.areas.service_levels.refreshing import JOBS
from simulator.areas.service_levels.rules import rules
from simulator.areas.service_levels.tables import SERVICE_LEVEL_TABLES

AREA = Area(
    name="service_levels",
    tables=SERVICE_LEVEL_TABLES,
    choices=CHOICES,
    rules=rules,
    acls=acls,
    jobs=JOBS,
)
