"""People's passwords: not stored as they are typed, so that no read of `sys_user` shows one."""

from hashlib import sha256
from hmac import compare_digest

PREFIX = "sha256:"


def stored(password: str) -> str:
    """What `sys_user.user_password` holds for a password."""
    return PREFIX + sha256(password.encode()).hexdigest()


def matches(password: str, *, kept: str) -> bool:
    """Whether a password is the one kept; one written through the Table API is kept in clear."""
    given = stored(password) if kept.startswith(PREFIX) else password
    return bool(kept) and compare_digest(given.encode(), kept.encode())
