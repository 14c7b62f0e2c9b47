"""Where the simulator is, and who acts there."""

import os
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

SIMULATOR = os.environ["SIMULATOR"]
HOST = SIMULATOR.partition("://")[2]
IS_HTTPS = SIMULATOR.startswith("https://")
INSTANCE = os.environ.get("INSTANCE", "")

ADMIN = ("admin", "demo")
BETH = ("beth.anglin", "demo")
ABEL = ("abel.tuter", "demo")
CHARLIE = ("charlie.whitherspoon", "demo")

ADMIN_ID = "6816f79cc0a8016401c5a33be04be441"
CLIENT_ID = "5f3d0c1a9e8b4f7a86d2c0b1e4a79d36"
CLIENT_SECRET = "demo-client-secret"


def unique(text: str) -> str:
    """A text that no other record has."""
    return f"{text} {uuid.uuid4().hex[:8]}"


_Failure = TypeVar("_Failure", bound=Exception)


def failure(kind: type[_Failure], attempt: Callable[[], object]) -> _Failure:
    """The exception of a kind that an attempt ends with; AssertionError where it ends without."""
    try:
        attempt()
    except kind as failed:
        return failed
    raise AssertionError(f"no {kind.__name__}")


async def failure_of(kind: type[_Failure], attempt: Awaitable[object]) -> _Failure:
    """As `failure`, of what is awaited."""
    try:
        await attempt
    except kind as failed:
        return failed
    raise AssertionError(f"no {kind.__name__}")
