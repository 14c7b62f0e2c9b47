"""Service levels and schedules."""

from simulator.area import Area

AREA = Area(name="service_levels")
