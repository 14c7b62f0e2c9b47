"""What all tasks have in common."""

from simulator.area import Area
from simulator.areas.tasks.acls import acls
from simulator.areas.tasks.choices import CHOICES
from simulator.areas.tasks.rules import rules
from simulator.areas.tasks.tables import TASK_TABLES

AREA = Area(name="tasks", tables=TASK_TABLES, choices=CHOICES, rules=rules, acls=acls)
