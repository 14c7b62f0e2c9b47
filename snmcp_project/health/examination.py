"""How this server does, for probes and for operators; what changes is logged once."""

import asyncio

import structlog

from snmcp_project.health.checks import DATABASE, REDIS
from snmcp_project.health.findings import Health
from snmcp_project.health.looking import Look

log = structlog.get_logger(__name__)


class Examination:
    """Everything that is looked at, side by side."""

    def __init__(self, *looks: Look) -> None:
        self._looks = looks
        self._known: dict[str, str] = {}

    async def health(self) -> Health:
        """Return how the server does, within a look's patience, whatever hangs."""
        found = await asyncio.gather(*(look.findings() for look in self._looks))
        return self._noted(Health(tuple(each for part in found for each in part)))

    def health_here(self) -> Health:
        """`health` for synchronous callers."""
        found = [each for look in self._looks for each in look.findings_here()]
        return self._noted(Health(tuple(found)))

    def _noted(self, health: Health) -> Health:
        """Log the faults that are new, and that there is none any more."""
        known, self._known = self._known, health.faults
        for name, fault in self._known.items():
            if name not in known:
                log.warning("health_fault", check=name, fault=fault)
        if known and not self._known:
            log.info("health_restored")
        return health


examination = Examination(Look(DATABASE), Look(REDIS))
