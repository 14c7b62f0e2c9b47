"""Scripts, workflows, flows, forms, logs and mail."""

from simulator.area import Area

AREA = Area(name="automation")
