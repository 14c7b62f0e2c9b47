"""Assets and contracts."""

from simulator.area import Area

AREA = Area(name="assets")
