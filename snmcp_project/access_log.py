"""The access log: one event for each request, without its query string."""

from collections.abc import Mapping
from typing import Any

import structlog

log = structlog.get_logger(__name__)


def log_request(protocol: str, action: str, details: Mapping[str, Any]) -> None:
    """daphne's action log: one line a request, its path without the query string.

    Authorization codes and personal URLs stand in query strings.
    """
    if (protocol, action) != ("http", "complete"):
        return
    log.info(
        "request",
        method=details["method"],
        path=details["path"].partition("?")[0],
        status=details["status"],
        bytes=details["size"],
        milliseconds=round(details["time_taken"] * 1000),
        client=details["client"],
    )
