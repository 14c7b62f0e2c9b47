"""Roles that ACLs name."""

ADMIN = frozenset({"admin"})
ITIL = frozenset({"itil"})
USER_ADMIN = frozenset({"user_admin"})
