"""When something is due."""

from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # durations are stored as moments without a zone


def later(moment: str, duration: str) -> str:
    """A stored moment, a stored duration later; empty where either makes no sense."""
    try:
        taken = datetime.fromisoformat(duration) - _EPOCH
        then = datetime.fromisoformat(moment) + taken
    except (ValueError, TypeError, OverflowError):
        return ""
    return then.strftime("%Y-%m-%d %H:%M:%S") if taken >= timedelta() else ""
