"""Telling the rest of this process at once that a credential ended.

Whoever keeps verified credentials for a moment drops them when told. Other processes are not
told: nothing may be kept longer than the promise holds, a second.
"""

from collections.abc import Callable

from django.db import transaction

_listeners: list[Callable[[], None]] = []


def on_revocation(listener: Callable[[], None]) -> None:
    """Call `listener` whenever a credential was revoked in this process, from any thread."""
    _listeners.append(listener)


def announce_revocation() -> None:
    """Tell the listeners, once the revocation is committed."""
    for listener in _listeners:
        transaction.on_commit(listener)
