"""`/api/now/tinyurl`: an address too long for a request is left there and named by a short id.

A list asked for with `sysparm_tiny` is the list of the address that was left. Ids live as long as
the process; an id that is not known changes nothing.
"""

import secrets
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.api.answers import answer, refused
from simulator.errors import BadBody, NotAuthenticated

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


def routes(addresses: TinyAddresses) -> list[Route]:
    """The route that takes addresses."""

    async def tinyurl(request: Request) -> Response:
        if not request.scope.get("snow_user"):
            return refused(NotAuthenticated())
        address = _address(await request.body())
        if address is None:
            return refused(BadBody())
        page = f"{urlsplit(address).path.rpartition('/')[2]}_list.do"
        return answer({"result": f"{page}?sysparm_tiny={addresses.keep(address)}"})

    return [Route("/api/now/tinyurl", tinyurl, methods=["POST"])]


def _address(body: bytes) -> str | None:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    address = asked.get("url") if isinstance(asked, dict) else None
    return address if isinstance(address, str) and address else None
