"""The risk and the impact of a change, by the conditions of the base system's calculator.

Which conditions an instance has differs; these three are those of the demo data.
"""

from collections.abc import Mapping
from datetime import timedelta

from simulator.areas.changes.windows import planned_at
from simulator.instance import Instance

HIGH, MODERATE, LOW = "2", "3", "4"
_CRITICAL = ("1 - most critical", "1")
_LEAD = timedelta(days=2)


def assessed(instance: Instance, change: Mapping[str, str]) -> dict[str, str]:
    """Risk and impact: of critical services high, of what is done in haste moderate, else low."""
    if _is_critical(instance, change):
        return {"risk": HIGH, "impact": "1"}
    if change["type"] == "emergency" or _is_hasty(instance, change):
        return {"risk": MODERATE, "impact": "2"}
    return {"risk": LOW, "impact": "3"}


def _is_critical(instance: Instance, change: Mapping[str, str]) -> bool:
    items = (change["cmdb_ci"], change["business_service"])
    services = (instance.row("cmdb_ci_service", item) for item in items if item)
    return any(row is not None and row["busines_criticality"] in _CRITICAL for row in services)


def _is_hasty(instance: Instance, change: Mapping[str, str]) -> bool:
    try:
        return planned_at(change["start_date"]) - instance.clock() < _LEAD
    except ValueError:
        return False
