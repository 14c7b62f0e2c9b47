"""Attachments."""

from simulator.area import Area

AREA = Area(name="attachments")
