"""Scripts, workflows, flows, forms, logs and mail."""

from simulator.area import Area
from simulator.areas.automation.acls import acls
from simulator.areas.automation.choices import CHOICES
from simulator.areas.automation.flow_tables import FLOW_TABLES
from simulator.areas.automation.log_tables import LOG_TABLES
from simulator.areas.automation.script_tables import SCRIPT_TABLES

AREA = Area(
    name="automation",
    tables=(*SCRIPT_TABLES, *FLOW_TABLES, *LOG_TABLES),
    choices=CHOICES,
    acls=acls,
)
