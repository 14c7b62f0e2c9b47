"""Approvals and delegation."""

from simulator.area import Area

AREA = Area(name="approvals")
