"""The service catalogue and what is ordered from it."""

from simulator.area import Area

AREA = Area(name="catalog")
