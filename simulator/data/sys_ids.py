"""The sys_ids of what comes with an instance."""

from hashlib import md5


def stable_sys_id(*parts: str) -> str:
    """A sys_id that is the same on every instance, made from what the row is about."""
    return md5("/".join(parts).encode(), usedforsecurity=False).hexdigest()
