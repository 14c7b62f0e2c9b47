"""Knowledge bases and articles."""

from simulator.area import Area

AREA = Area(name="knowledge")
