"""ServiceNow's APIs beside the Table API (knowledge, catalog, changes), as the caller, guarded.

No body may say who is acting, or for whom: these APIs take the person of the token, and some of
them would let a request name another one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from servicenow.client import ServiceNowClient, Writing
from servicenow.exceptions import NotAsDocumented
from servicenow.responses import JSON, Sought
from tools_app.exceptions import ToolNotAllowed
from tools_app.identity import is_protected, says_who_is_acting

# Directives of the service catalog that are about the order, not about a person.
_DIRECTIVES: Final = frozenset({"sysparm_quantity"})


class NamesSomebody(ValueError):
    """A body of ours that would say who is acting: a fault of ours, which is never sent."""


class GuardedApis:
    """Reads and writes paths of the instance with the caller's own token.

    Raises whatever `servicenow.exceptions` describes.
    """

    def __init__(self, *, client: ServiceNowClient, may_write: bool) -> None:
        self._client = client
        self._may_write = may_write

    async def read(
        self, path: str, *, query: Mapping[str, str] | None = None, sought: Sought
    ) -> JSON:
        """Read one path and return the `result` of its answer."""
        answer = await self._client.read(path, query=query or {}, sought=sought)
        return _result_of(answer.json)

    async def send(
        self,
        method: Writing,
        path: str,
        *,
        body: Mapping[str, Any],
        query: Mapping[str, str] | None = None,
        sought: Sought,
    ) -> JSON:
        """Write to one path, once, and return the `result` of its answer.

        The names of catalog variables (`variables`) are the item's own; their values are checked
        where they are read. Raises `ToolNotAllowed` for a call that may only read, `NamesSomebody`
        for a body that no tool may send.
        """
        if not self._may_write:
            raise ToolNotAllowed(
                "This call may only read.",
                next_step="Use a tool that reads, or ask the person for access to change records.",
            )
        for name in (*_names(body), *(query or {})):
            if name not in _DIRECTIVES and (is_protected(name) or says_who_is_acting(name)):
                raise NamesSomebody(name)
        answer = await self._client.send(method, path, query=query or {}, body=body, sought=sought)
        return _result_of(answer.json)


def _names(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        yield name
        if isinstance(value, Mapping) and name != "variables":
            yield from _names(value)


def _result_of(answer: JSON) -> JSON:
    """The `result`, in which every API of ServiceNow wraps what it answers; None for no body."""
    if answer is None:
        return None
    if not isinstance(answer, dict) or "result" not in answer:
        raise NotAsDocumented("an answer without `result`")
    result: JSON = answer["result"]
    return result
