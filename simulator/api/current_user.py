"""`GET /api/now/ui/user/current_user`: who the caller is."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.instance import Instance


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {"/api/now{version}/ui/user/current_user": {"GET": _current_user}})


async def _current_user(instance: Instance, _: Request, person: Person) -> Response:
    row = instance.row("sys_user", person.sys_id) or {}
    initials = f"{row['first_name'][:1]}{row['last_name'][:1]}"
    result = {
        "user_sys_id": row["sys_id"],
        "user_name": row["user_name"],
        "user_display_name": row["name"],
        "user_initials": initials.upper(),
    }
    if row["photo"]:
        result["user_avatar"] = f"{row['photo']}.iix?t=small"
    return answer({"result": result})
