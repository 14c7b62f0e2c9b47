"""Inbound REST: scopes, limits and keys."""

from simulator.area import Area

AREA = Area(name="integration")
