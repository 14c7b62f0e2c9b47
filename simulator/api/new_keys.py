"""Making an API key through the Table API: the one answer that shows the key in clear.

Every read of it afterwards shows what is stored (`password2`).
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.api.requests import body_of, host_of, wanted
from simulator.errors import NoRecord
from simulator.instance import Instance
from simulator.sign_in.sealing import opened

TABLE = "api_key"


def routes(instance: Instance) -> list[Route]:
    """Stand before those of the Table API, which answer every other method."""
    made = api_routes(instance, {f"/api/now{{version}}/table/{TABLE}": {"POST": _create}})
    for route in made:
        route.methods = {"POST"}
    return made


async def _create(instance: Instance, request: Request, person: Person) -> Response:
    sys_id = instance.writer.create(TABLE, await body_of(request), person=person)
    host = host_of(request)
    record = instance.reader.one(
        wanted(TABLE, request.query_params), sys_id, person=person, host=host
    )
    if record is None:
        raise NoRecord
    shown, kept = record.get("token"), instance.row(TABLE, sys_id) or {}
    if isinstance(shown, dict):
        shown["value"] = opened(kept.get("token", ""))
    elif shown is not None:
        record["token"] = opened(kept.get("token", ""))
    location = f"{host}/api/now/table/{TABLE}/{sys_id}"
    return answer({"result": record}, status=201, headers={"Location": location})
