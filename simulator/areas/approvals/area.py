"""Approvals and delegation."""

from simulator.area import Area
from simulator.areas.approvals.choices import CHOICES
from simulator.areas.approvals.tables import APPROVAL_TABLES

AREA = Area(name="approvals", tables=APPROVAL_TABLES, choices=CHOICES)
