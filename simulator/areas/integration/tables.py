"""Tables of inbound integrations."""

from simulator.areas.integration.access_tables import ACCESS_TABLES
from simulator.areas.integration.limit_tables import LIMIT_TABLES
from simulator.areas.integration.oauth_tables import OAUTH_TABLES
from simulator.areas.integration.service_tables import SERVICE_TABLES

INTEGRATION_TABLES = (*OAUTH_TABLES, *ACCESS_TABLES, *LIMIT_TABLES, *SERVICE_TABLES)
