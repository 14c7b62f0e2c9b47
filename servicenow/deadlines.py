"""One deadline for everything that is done in one call.

Each request of the client has a deadline of its own. A tool that makes several requests has
one for them all: `with shared_deadline(seconds=30): ...`. The nearer of the two counts. It is
kept per task, so that no argument has to be handed through every tool.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends_at: ContextVar[float | None] = ContextVar("servicenow_deadline", default=None)


@contextmanager
def shared_deadline(*, seconds: float) -> Iterator[None]:
    """Let all requests made inside end together, `seconds` from now at the latest.

    A request that is cut off raises DeadlinePassed, or OutcomeUnknown where it was a write.
    Needs a running event loop.
    """
    token = _ends_at.set(ends_at(seconds=seconds))
    try:
        yield
    finally:
        _ends_at.reset(token)


def ends_at(*, seconds: float) -> float:
    """Return the loop time at which a request that may take `seconds` must be over."""
    own = asyncio.get_running_loop().time() + seconds
    shared = _ends_at.get()
    return own if shared is None else min(own, shared)


def shared_end() -> float | None:
    """Return the loop time at which everything that is done now must be over, if there is one."""
    return _ends_at.get()
