"""Knowledge bases and articles."""

from simulator.area import Area
from simulator.areas.knowledge.acls import acls_by_record
from simulator.areas.knowledge.choices import CHOICES
from simulator.areas.knowledge.rules import rules
from simulator.areas.knowledge.tables import KNOWLEDGE_TABLES

AREA = Area(
    name="knowledge",
    tables=KNOWLEDGE_TABLES,
    choices=CHOICES,
    rules=rules,
    acls_by_record=acls_by_record,
)
