"""Every table of the simulator."""

from simulator.schema_organisation import ORGANISATION_TABLES
from simulator.schema_system import SYSTEM_TABLES
from simulator.schema_task import TASK_TABLES

TABLES = (*SYSTEM_TABLES, *ORGANISATION_TABLES, *TASK_TABLES)
