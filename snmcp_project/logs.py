"""Structured logs: one JSON object (or one readable line) for each event, without query strings.

Query strings carry authorization codes and personal URL tokens, so they are cut off every address
before a line leaves the process, whoever logged it.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# `?…` up to white space or a quote: the query of any address inside a log line.
_QUERY = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")
# Reconnect tokens begin with this prefix so that scanners can find them; none may stand in a log.
_RECONNECT_TOKEN = re.compile(r"snmcp_[A-Za-z0-9_-]{16,}")


def scrubbed(text: str) -> str:
    """Return `text` with the query of every address and every reconnect token cut out."""
    return _RECONNECT_TOKEN.sub("snmcp_…", _QUERY.sub("?…", text))


def scrub_event(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A structlog processor that scrubs everything in an event, tracebacks and objects included.

    Django attaches the request itself to some lines, and its text carries the whole address.
    """
    return {name: _scrubbed_value(value) for name, value in event.items()}


def _scrubbed_value(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _scrubbed_value(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_scrubbed_value(part) for part in value]
    return scrubbed(str(value))


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, level: str, style: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error, as `json` or as `text` lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    scrub_event,
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would print a second, unscrubbed line.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "httpx": {"level": "WARNING"},
            # The SDK tells the start and the end of every request at INFO.
            "mcp": {"level": "WARNING"},
            # At DEBUG they write out codes and tokens.
            "oauthlib": {"level": "INFO"},
            "oauth2_provider": {"level": "INFO"},
        },
    }
