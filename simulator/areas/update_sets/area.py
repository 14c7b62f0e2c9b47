"""Update sets."""

from simulator.area import Area

AREA = Area(name="update_sets")
