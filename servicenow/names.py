"""Which texts can be the name of a table or a field, or a sys_id.

They become part of paths and queries, so anything else is refused before it is sent.
"""

import re
from collections.abc import Iterable

from servicenow.exceptions import MalformedName

_TABLE = re.compile(r"[a-z0-9_]{1,80}")
_FIELD = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
# 32 hex digits as a rule; a client may choose others on insert, and a few records use words.
_SYS_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def checked_table(name: str) -> str:
    """Return the name of a table, or raise MalformedName."""
    if not _TABLE.fullmatch(name):
        raise MalformedName("table", name)
    return name


def checked_field(name: str) -> str:
    """Return the name of a field, dot-walked or not, or raise MalformedName."""
    if not _FIELD.fullmatch(name):
        raise MalformedName("field", name)
    return name


def checked_fields(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names without repetitions, in order, or raise MalformedName."""
    return tuple(dict.fromkeys(checked_field(name) for name in names))


def checked_sys_id(sys_id: str) -> str:
    """Return the sys_id, or raise MalformedName."""
    if not _SYS_ID.fullmatch(sys_id):
        raise MalformedName("sys_id", sys_id)
    return sys_id
