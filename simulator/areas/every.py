"""Every table of the simulator, and a number that changes when any of them does."""

from zlib import crc32

from simulator.areas.choices import CHOICES
from simulator.areas.organisation.tables import ORGANISATION_TABLES
from simulator.areas.platform.tables import SYSTEM_TABLES
from simulator.areas.tasks.tables import TASK_TABLES

TABLES = (*SYSTEM_TABLES, *ORGANISATION_TABLES, *TASK_TABLES)

# SQLite's user_version, where it is kept, is a signed 32-bit number.
FINGERPRINT = crc32(repr((TABLES, CHOICES)).encode()) >> 1
