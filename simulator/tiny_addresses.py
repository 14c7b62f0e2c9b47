"""Addresses too long for a request, left with the instance and named by short ids."""

import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

_MOST_KEPT = 1000


class TinyAddresses:
    """The queries of the addresses that were left, the latest of them."""

    def __init__(self) -> None:
        self._queries: dict[str, str] = {}

    def keep(self, address: str) -> str:
        """Keep an address; its id."""
        tiny = secrets.token_hex(16)
        self._queries[tiny] = urlsplit(address).query
        while len(self._queries) > _MOST_KEPT:
            self._queries.pop(next(iter(self._queries)))
        return tiny

    def expanded(self, request: Request) -> Request:
        """The request with the query that its `sysparm_tiny` stands for, if it has one."""
        query = self._queries.get(request.query_params.get("sysparm_tiny", ""))
        if query is None:
            return request
        return Request({**request.scope, "query_string": query.encode()}, request.receive)
