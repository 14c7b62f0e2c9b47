"""Problems."""

from simulator.area import Area
from simulator.areas.problems.choices import CHOICES
from simulator.areas.problems.tables import PROBLEM

AREA = Area(name="problems", tables=(PROBLEM,), choices=CHOICES)
