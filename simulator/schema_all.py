"""Every table of the simulator, and a number that changes when any of them does."""

from zlib import crc32

from simulator.schema_choices import CHOICES
from simulator.schema_organisation import ORGANISATION_TABLES
from simulator.schema_system import SYSTEM_TABLES
from simulator.schema_task import TASK_TABLES

TABLES = (*SYSTEM_TABLES, *ORGANISATION_TABLES, *TASK_TABLES)

# SQLite's user_version, where it is kept, is a signed 32-bit number.
FINGERPRINT = crc32(repr((TABLES, CHOICES)).encode()) >> 1
