"""Business rules of service levels."""

from collections.abc import Sequence

from simulator.areas.service_levels import attaching
from simulator.records.rules import ON_DELETE, BusinessRule, rule
from simulator.switches import Switches


def rules(_: Switches) -> Sequence[BusinessRule]:
    """After everything else that a task's write does."""
    return (
        rule("Run SLAs", "task", attaching.follow, order=1000, after=True),
        rule("Delete task SLAs", "task", attaching.forget, order=1000, on=ON_DELETE, after=True),
    )
