"""The instance itself: dictionary, choices, numbers, properties, applications, user interface."""

from simulator.area import Area
from simulator.areas.platform.acls import acls
from simulator.areas.platform.choices import CHOICES
from simulator.areas.platform.database_views import VIEW_TABLES
from simulator.areas.platform.metadata import METADATA_TABLES
from simulator.areas.platform.rules import rules
from simulator.areas.platform.security_tables import SECURITY_TABLES
from simulator.areas.platform.tables import SYSTEM_TABLES
from simulator.areas.platform.ui_tables import UI_TABLES

AREA = Area(
    name="platform",
    tables=(*SYSTEM_TABLES, *METADATA_TABLES, *UI_TABLES, *SECURITY_TABLES, *VIEW_TABLES),
    choices=CHOICES,
    rules=rules,
    acls=acls,
)
