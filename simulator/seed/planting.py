"""Plants the demo data of every area.

Dates count back from the instance's clock: the data are never old, and for a given clock the same.
"""

import atexit
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from simulator.areas.agile import seed as agile
from simulator.areas.approvals import seed as approvals
from simulator.areas.assets import seed as assets
from simulator.areas.attachments import seed as attachments
from simulator.areas.automation import seed as automation
from simulator.areas.catalog import seed as catalog
from simulator.areas.changes import seed as changes
from simulator.areas.cmdb import seed as cmdb
from simulator.areas.imports import seed as imports
from simulator.areas.incidents import seed as incidents
from simulator.areas.incidents.many import plant_many
from simulator.areas.integration import seed as integration
from simulator.areas.knowledge import seed as knowledge
from simulator.areas.organisation import seed as organisation
from simulator.areas.platform import seed as platform
from simulator.areas.problems import seed as problems
from simulator.areas.service_levels import seed as service_levels
from simulator.areas.tasks import seed as tasks
from simulator.areas.update_sets import seed as update_sets
from simulator.instance import Instance

# In an order in which what is referred to is there before.
_AREAS = (
    organisation,
    platform,
    cmdb,
    incidents,
    tasks,
    problems,
    changes,
    approvals,
    service_levels,
    catalog,
    knowledge,
    update_sets,
    assets,
    agile,
    automation,
    attachments,
    imports,
    integration,
)


# From here on a database is better kept in a file: only that can be read by two at a time.
_LARGE = 50_000


@dataclass(frozen=True, kw_only=True)
class Volume:
    """How many incidents there are to be in all, and the seed of what is made up for that."""

    records: int
    seed: int = 1

    @property
    def is_large(self) -> bool:
        """Whether one look at every row would keep everybody else waiting."""
        return self.records >= _LARGE


# What a rule does for tasks that people insert.
_EFFECTIVE_NUMBERS = """
UPDATE "task" SET "task_effective_number" = "number" WHERE "task_effective_number" = ''
"""


def plant(instance: Instance) -> None:
    """Fill an empty instance, all or nothing. It takes some tenths of a second."""
    with instance.store.transaction():
        for area in _AREAS:
            area.plant(instance)
        instance.store.write(_EFFECTIVE_NUMBERS)


def plant_volume(instance: Instance, volume: Volume) -> None:
    """Fill an empty instance with the demo data and more, all or nothing.

    A million records take some three minutes. :meth:`Instance.rewind` comes back to this.
    """
    with instance.store.loading():
        plant(instance)
        plant_many(instance, records=volume.records, seed=volume.seed)
        instance.mark()


def temporary_state() -> str:
    """A place for the file of a large instance, until the process ends."""
    folder = mkdtemp(prefix="simulator-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return str(Path(folder) / "state.sqlite3")


def demo_data(now: datetime) -> bytes:
    """The snapshot of a planted instance, as of the full hour: so the next one is found made."""
    return seeded(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4)
def seeded(moment: datetime) -> bytes:
    """The snapshot of an instance in which the demo data were planted at `moment`."""
    instance = Instance(clock=lambda: moment)
    try:
        plant(instance)
        return instance.snapshot()
    finally:
        instance.close()
