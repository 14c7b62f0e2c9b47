"""Telling a person's clients that a record they read has changed: by a call of the same person.

What others do in ServiceNow nobody here sees, so it is not told.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import structlog
from mcp.server.subscriptions import ResourceUpdated

from mcp_app.dispatch import Asked
from mcp_app.exceptions import SessionsUnreadable
from mcp_app.outcomes import record_of
from mcp_app.sessions.changes import Change, Changes
from mcp_app.sessions.finding import in_database
from mcp_app.sessions.subscriptions import subscribed_to
from mcp_app.tool_results import Answer
from tools_app.resources import address_of

log = structlog.get_logger(__name__)

_NUMBER: Final = re.compile(r"([A-Z]+)[0-9]+")
_RESOURCE_OF: Final = {"INC": "incident", "CHG": "change_request"}
# What answers call the record that something new or decided belongs to.
_BELONGS_TO: Final = ("change", "record")


async def tell_of_change(changes: Changes, asked: Asked, answer: Answer) -> None:
    """Tell the person's clients which resources a call has changed, if it has any."""
    spec = asked.spec
    if spec is None or not spec.access.writes or answer.result.is_error:
        return
    user_id = asked.credential.user_id
    told = _changed(answer.result.structured_content or {})
    subscribed = await _subscribed(user_id, about=told)
    for uri in dict.fromkeys([*told, *subscribed]):
        sessions = tuple(subscribed.get(uri, ()))
        await changes.tell(Change(ResourceUpdated(uri), user_id, sessions))


async def _subscribed(user_id: int, *, about: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The person's sessions that wait for these changes, by the address as each has written it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    try:
        for one in await in_database(subscribed_to, user_id, about=about):
            found[one.uri].append(one.session)
    except SessionsUnreadable:
        # What was written is written: its answer does not wait for who else may hear of it.
        log.warning("subscriptions_unreadable")
    return found


def _changed(structured: dict[str, Any]) -> list[str]:
    """The addresses under which what was changed may have been read."""
    table, sys_id, number = record_of(structured)
    addresses = [address_of("my_work"), *_addresses(table, sys_id, number)]
    for part in _BELONGS_TO:
        pointer = structured.get(part)
        if isinstance(pointer, dict):
            named = str(pointer.get("name", ""))
            prefix = _NUMBER.match(named)
            resource = _RESOURCE_OF.get(prefix[1], "") if prefix else ""
            addresses += _addresses(resource, str(pointer.get("sys_id", "")), named)
    return [address for address in dict.fromkeys(addresses) if address]


def _addresses(resource: str, *names: str) -> list[str | None]:
    return [address_of(resource, name) for name in names if name]
