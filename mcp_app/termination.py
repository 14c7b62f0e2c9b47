"""Ending what never ends by itself when the process is told to end.

uvicorn, hypercorn and granian wait for every open answer before they send `lifespan.shutdown`, so a
standing stream would keep them until somebody kills them.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def called_at_the_end(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` in this event loop as soon as the process is told to end.

    What the server does about it is done as well. Signals reach the main thread alone: elsewhere
    nothing is called.
    """
    with ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                stack.enter_context(_called_at(number, end))
        yield


@contextmanager
def _called_at(number: signal.Signals, end: Callable[[], None]) -> Iterator[None]:
    before, loop = signal.getsignal(number), asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end)
        if callable(before):
            before(number, frame)

    if not callable(before):
        # Nobody waits: the signal ends the process, and everything open with it.
        yield
        return
    signal.signal(number, handle)
    try:
        yield
    finally:
        if signal.getsignal(number) is handle:
            signal.signal(number, before)
