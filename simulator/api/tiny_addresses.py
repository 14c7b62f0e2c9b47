"""`/api/now/tinyurl`: an address too long for a request is left there and named by a short id.

A list asked for with `sysparm_tiny` is the list of the address that was left. Ids live as long as
the process; an id that is not known changes nothing.
"""

from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.errors import BadBody
from simulator.instance import Instance


def routes(instance: Instance) -> list[Route]:
    """The route that takes addresses."""
    return api_routes(instance, {"/api/now{version}/tinyurl": {"POST": _leave}})


async def _leave(instance: Instance, request: Request, _: Person) -> Response:
    address = _address(await request.body())
    if address is None:
        raise BadBody
    page = f"{urlsplit(address).path.rpartition('/')[2]}_list.do"
    return answer({"result": f"{page}?sysparm_tiny={instance.tiny_addresses.keep(address)}"})


def _address(body: bytes) -> str | None:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    address = asked.get("url") if isinstance(asked, dict) else None
    return address if isinstance(address, str) and address else None
