"""Import sets."""

from simulator.area import Area

AREA = Area(name="imports")
