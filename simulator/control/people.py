"""The part of the admin API that is about people: lock, deactivate, give and take roles."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.gate import failure
from simulator.instance import Instance, Row
from simulator.world import world_of


class PersonChange(BaseModel):
    """What may be changed about a person."""

    model_config = ConfigDict(extra="forbid")

    active: bool | None = None
    locked_out: bool | None = None


class StillHeld(Exception):  # a situation, not an error
    """Somebody has a role by a group or by another role."""


class RoleGiven(BaseModel):
    """A role by name."""

    model_config = ConfigDict(extra="forbid")

    role: str


async def change_person(request: Request) -> Response:
    """PATCH /simulator/people/{user_name}: `{"locked_out": true}` or `{"active": false}`."""
    instance = world_of(request).instance
    person = _person(request)
    change = PersonChange.model_validate_json(await request.body())
    if person is None:
        return _nobody()
    values = {
        name: "true" if value else "false"
        for name, value in change.model_dump(exclude_none=True).items()
    }
    instance.update("sys_user", person["sys_id"], values)
    return Response(status_code=204)


async def give_role(request: Request) -> Response:
    """POST /simulator/people/{user_name}/roles: `{"role": "itil"}`."""
    instance, person = world_of(request).instance, _person(request)
    given = RoleGiven.model_validate_json(await request.body())
    role = _role(instance, given.role)
    if person is None or role is None:
        return _nobody()
    instance.insert("sys_user_has_role", {"user": person["sys_id"], "role": role})
    return Response(status_code=201)


async def take_role(request: Request) -> Response:
    """DELETE /simulator/people/{user_name}/roles/{role}: 409 if something else gives it, too."""
    instance, person = world_of(request).instance, _person(request)
    name = request.path_params["role"]
    role = _role(instance, name)
    if person is None or role is None:
        return _nobody()
    try:
        _take(instance, person["sys_id"], role, name=name)
    except StillHeld:
        return failure(409, "A group, or a role that contains it, gives them this role")
    return Response(status_code=204)


def _take(instance: Instance, user: str, role: str, *, name: str) -> None:
    """Take a role away. Raises StillHeld, and changes nothing, if that would be no use."""
    held = f"user={user}^role={role}^ORincluded_in_role={role}"
    with instance.store.transaction():
        for row in instance.query("sys_user_has_role", held):
            instance.delete("sys_user_has_role", row["sys_id"])
        left = instance.person(user)
        if left is not None and name in left.roles:
            raise StillHeld


def _person(request: Request) -> Row | None:
    return world_of(request).instance.find_user(request.path_params["user_name"])


def _role(instance: Instance, name: str) -> str | None:
    rows = instance.query("sys_user_role", f"name={name}", limit=1)
    return rows[0]["sys_id"] if rows else None


def _nobody() -> Response:
    return failure(404, "No such person or role")


ROUTES = [
    Route("/simulator/people/{user_name}", change_person, methods=["PATCH"]),
    Route("/simulator/people/{user_name}/roles", give_role, methods=["POST"]),
    Route("/simulator/people/{user_name}/roles/{role}", take_role, methods=["DELETE"]),
]
