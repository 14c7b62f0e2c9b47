"""Inbound REST: registries and tokens, scopes, limits and keys."""

from simulator.area import Area
from simulator.areas.integration.acls import acls
from simulator.areas.integration.choices import CHOICES
from simulator.areas.integration.rules import rules
from simulator.areas.integration.tables import INTEGRATION_TABLES

AREA = Area(name="integration", tables=INTEGRATION_TABLES, choices=CHOICES, rules=rules, acls=acls)
