"""Demo data."""

from simulator.instance import Instance


def plant(_: Instance) -> None:
    """Nothing."""
