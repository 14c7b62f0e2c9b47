"""`GET /api/now/ui/user/current_user`: who the caller is."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.world import world_of


async def current_user(request: Request) -> Response:
    """The acting person's sys_id, user name, name and initials."""
    person = world_of(request).instance.row("sys_user", request.scope["snow_user"]) or {}
    initials = f"{person['first_name'][:1]}{person['last_name'][:1]}"
    result = {
        "user_sys_id": person["sys_id"],
        "user_name": person["user_name"],
        "user_display_name": person["name"],
        "user_initials": initials.upper(),
    }
    return JSONResponse({"result": result}, headers={"X-Is-Logged-In": "true"})


ROUTES = [Route("/api/now/ui/user/current_user", current_user, methods=["GET"])]
