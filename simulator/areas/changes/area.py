"""Changes."""

from simulator.area import Area
from simulator.areas.changes.choices import CHOICES
from simulator.areas.changes.tables import CHANGE_REQUEST

AREA = Area(name="changes", tables=(CHANGE_REQUEST,), choices=CHOICES)
