"""Problems."""

from simulator.area import Area
from simulator.areas.problems.acls import acls
from simulator.areas.problems.choices import CHOICES
from simulator.areas.problems.rules import POLICIES, rules
from simulator.areas.problems.tables import PROBLEM_TABLES

AREA = Area(
    name="problems",
    tables=PROBLEM_TABLES,
    choices=CHOICES,
    rules=rules,
    policies=POLICIES,
    acls=acls,
)
