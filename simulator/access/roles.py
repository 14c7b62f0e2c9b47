"""Roles that ACLs name."""

ADMIN = frozenset({"admin"})
ITIL = frozenset({"itil"})
USER_ADMIN = frozenset({"user_admin"})
PERSONALIZE_DICTIONARY = frozenset({"personalize_dictionary"})
PERSONALIZE_CHOICES = frozenset({"personalize_choices"})
