"""Configuration items."""

from simulator.area import Area
from simulator.areas.cmdb.acls import acls, acls_by_record
from simulator.areas.cmdb.choices import CHOICES
from simulator.areas.cmdb.rules import rules
from simulator.areas.cmdb.tables import CMDB_TABLES

AREA = Area(
    name="cmdb",
    tables=CMDB_TABLES,
    choices=CHOICES,
    rules=rules,
    acls=acls,
    acls_by_record=acls_by_record,
)
