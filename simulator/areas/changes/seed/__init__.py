"""Demo data, and the rows of the change models."""

from simulator.areas.changes.seed.planting import plant

__all__ = ["plant"]
