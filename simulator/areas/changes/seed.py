"""Demo data of changes."""

from simulator.areas.changes.base_records import plant_models
from simulator.instance import Instance


def plant(instance: Instance) -> None:
    """Insert the base system's models."""
    plant_models(instance)
