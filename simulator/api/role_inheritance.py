"""`GET /api/global/user_role_inheritance`: where each role of somebody comes from.

A role is written as the path on which it came: `/granted/contained`, or `[Group]/role/contained`.
Source: ServiceNow's "User Role Inheritance API".
"""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.access.roles import USER_ADMIN
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.errors import ApiRefused, NoRecord
from simulator.instance import Instance

PLUGIN = "com.glide.role_management.inh_count.rest_api"

_OWN = """
SELECT r."sys_id", r."name" FROM "sys_user_has_role" h
JOIN "sys_user_role" r ON r."sys_id" = h."role"
WHERE h."user" = ? AND h."inherited" <> 'true' ORDER BY r."name"
"""
_OF_GROUPS = """
WITH RECURSIVE mine(id) AS (
    SELECT "group" FROM "sys_user_grmember" WHERE "user" = ?
    UNION
    SELECT g."parent" FROM "sys_user_group" g JOIN mine ON g."sys_id" = mine.id
    WHERE g."parent" <> ''
)
SELECT r."sys_id", r."name", g."name" FROM mine
JOIN "sys_user_group" g ON g."sys_id" = mine.id
JOIN "sys_group_has_role" h ON h."group" = mine.id
JOIN "sys_user_role" r ON r."sys_id" = h."role" ORDER BY g."name", r."name"
"""
_CONTAINED = """
SELECT r."sys_id", r."name" FROM "sys_user_role_contains" c
JOIN "sys_user_role" r ON r."sys_id" = c."contains" WHERE c."role" = ? ORDER BY r."name"
"""


def routes(instance: Instance) -> list[Route]:
    """The routes of this API; its version stands before the name of the resource."""
    paths = {"/api/global{version}/user_role_inheritance": {"GET": _inherited}}
    return api_routes(instance, paths, plugin=PLUGIN)


async def _inherited(instance: Instance, request: Request, person: Person) -> Response:
    if not person.has_any(USER_ADMIN):
        raise ApiRefused
    sys_id = request.query_params.get("user_sysid", "")
    if not sys_id:  # what the sample answer of the Batch API shows
        return answer({"result": {"user_name": "", "from_group": [], "from_role": []}})
    row = instance.row("sys_user", sys_id)
    if row is None:
        raise NoRecord
    result = {
        "user_name": row["user_name"],
        "from_group": list(_from_groups(instance, row["sys_id"])),
        "from_role": list(_from_roles(instance, row["sys_id"])),
    }
    return answer({"result": result})


def _from_roles(instance: Instance, user: str) -> Iterator[str]:
    for role, name in instance.store.rows(_OWN, (user,)):
        yield from _paths(instance, role, within=f"/{name}", above=(role,))


def _from_groups(instance: Instance, user: str) -> Iterator[str]:
    for role, name, group in instance.store.rows(_OF_GROUPS, (user,)):
        yield from _paths(instance, role, within=f"[{group}]/{name}", above=(role,))


def _paths(instance: Instance, role: str, *, within: str, above: tuple[str, ...]) -> Iterator[str]:
    yield within
    for contained, name in instance.store.rows(_CONTAINED, (role,)):
        if contained not in above:  # roles may contain one another in a circle
            path = f"{within}/{name}"
            yield from _paths(instance, contained, within=path, above=(*above, contained))
