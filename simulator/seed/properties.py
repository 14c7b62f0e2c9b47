"""System properties among the demo data."""

from simulator.data.sys_ids import stable_sys_id


def property_row(name: str, value: str, description: str = "") -> dict[str, str]:
    """A row of `sys_properties`."""
    return {
        "sys_id": stable_sys_id("sys_properties", name),
        "name": name,
        "value": value,
        "description": description,
    }
