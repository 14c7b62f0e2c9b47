"""Demo data."""

from simulator.areas.catalog.seed.planting import plant

__all__ = ["plant"]
