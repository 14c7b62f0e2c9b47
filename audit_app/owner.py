"""The role that owns the database, for the few jobs that need it: `migrate` and retention.

The application's own role may add and read audit rows and no more. DATABASE_OWNER_URL names who
may do the rest; where it is not set, the application's role does everything, as a check tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

_WHO_AND_WHERE: Final = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner() -> Iterator[None]:
    """Have this thread's connection be the owner's inside; nothing changes where none is set."""
    owner = settings.DATABASE_OWNER
    if not owner:
        yield
        return
    connection = connections[DEFAULT_DB_ALIAS]
    before = connection.settings_dict
    options = {name: value for name, value in before["OPTIONS"].items() if name != "pool"}
    connection.close()
    who = {name: owner[name] for name in _WHO_AND_WHERE}
    connection.settings_dict = {**before, **who, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
