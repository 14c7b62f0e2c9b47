"""Agile development and projects."""

from simulator.area import Area

AREA = Area(name="agile")
