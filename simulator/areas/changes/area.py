"""Changes."""

from simulator.area import Area
from simulator.areas.changes.acls import acls
from simulator.areas.changes.choices import CHOICES
from simulator.areas.changes.model_tables import MODEL_TABLES
from simulator.areas.changes.related_tables import RELATED_TABLES
from simulator.areas.changes.rules import POLICIES, rules
from simulator.areas.changes.tables import CHANGE_TABLES

AREA = Area(
    name="changes",
    tables=(*CHANGE_TABLES, *MODEL_TABLES, *RELATED_TABLES),
    choices=CHOICES,
    rules=rules,
    policies=POLICIES,
    acls=acls,
)
