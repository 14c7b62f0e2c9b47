"""The pickers of the interface: `/api/now/ui/concoursepicker/{updateset|application|current}`.

Nobody documents them. They serve pages of the instance: a request needs its host as `Origin` or
`Referer`, and a token that pages have. Without these a GET reads empty and a PUT is refused, unless
`picker_needs_interface` is off.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.api.requests import body_of
from simulator.areas.update_sets.current import (
    IN_PROGRESS,
    choose_application,
    choose_update_set,
    current_application,
    current_update_set,
    is_open,
)
from simulator.errors import ApiRefused, BadParameter, NoRecord
from simulator.instance import Instance

_NAMES_OF_SETS = ("value", "sysId", "sys_id")
_NAMES_OF_APPLICATIONS = ("value", "app_id", "appId", "sysId")

Row = Mapping[str, str]


def routes(instance: Instance) -> list[Route]:
    """The routes of both pickers."""
    path = "/api/now{version}/ui/concoursepicker"
    return api_routes(
        instance,
        {
            f"{path}/updateset": {"GET": _update_sets, "PUT": _choose_update_set},
            f"{path}/application": {"GET": _applications, "PUT": _choose_application},
            f"{path}/current": {"GET": _current},
        },
    )


async def _update_sets(instance: Instance, request: Request, person: Person) -> Response:
    if not _is_served(instance, request, person):
        return answer({"result": {"current": {}, "updateSet": []}})
    application = current_application(instance, person)
    current = current_update_set(instance, person, application, by_preference=True)
    chosen = instance.row("sys_update_set", current)
    if chosen is not None:
        # Reading puts a preference right that is of another application.
        choose_update_set(instance, person, chosen)
    sets = instance.query(
        "sys_update_set", f"application={application}^state={IN_PROGRESS}^ORDERBYname"
    )
    shown = [_shown_set(instance, one) for one in sets]
    result = {"current": chosen and _shown_set(instance, chosen), "updateSet": shown}
    return answer({"result": result})


async def _choose_update_set(instance: Instance, request: Request, person: Person) -> Response:
    _check_served(instance, request, person)
    chosen = instance.row("sys_update_set", _given(await body_of(request), _NAMES_OF_SETS))
    if chosen is None:
        raise NoRecord
    if not is_open(chosen) or chosen["application"] != current_application(instance, person):
        raise BadParameter("sysId")
    choose_update_set(instance, person, chosen)
    return answer({"result": {"success": True}})


async def _applications(instance: Instance, request: Request, person: Person) -> Response:
    if not _is_served(instance, request, person):
        return answer({"result": {"current": "", "list": []}})
    listed = [
        {"sysId": row["sys_id"], "name": row["name"], "scopeName": row["scope"]}
        for row in instance.query("sys_scope", "ORDERBYname")
    ]
    return answer({"result": {"current": current_application(instance, person), "list": listed}})


async def _choose_application(instance: Instance, request: Request, person: Person) -> Response:
    _check_served(instance, request, person)
    chosen = instance.row("sys_scope", _given(await body_of(request), _NAMES_OF_APPLICATIONS))
    if chosen is None:
        raise NoRecord
    choose_application(instance, person, chosen["sys_id"])
    return answer({"result": {"success": True}})


async def _current(instance: Instance, request: Request, person: Person) -> Response:
    """What both pickers show as chosen."""
    if not _is_served(instance, request, person):
        return answer({"result": {"currentApplication": {}, "currentUpdateSet": {}}})
    application = current_application(instance, person)
    update_set = current_update_set(instance, person, application, by_preference=True)
    of, chosen = instance.row("sys_scope", application), instance.row("sys_update_set", update_set)
    shown_application = of and {
        "sysId": application,
        "name": of["name"],
        "scopeName": of["scope"],
    }
    result = {
        "currentApplication": shown_application or {},
        "currentUpdateSet": (chosen and {"sysId": update_set, "name": chosen["name"]}) or {},
    }
    return answer({"result": result})


def _shown_set(instance: Instance, row: Row) -> dict[str, object]:
    application = instance.row("sys_scope", row["application"])
    name = application["name"] if application else row["application"]
    return {
        "sysId": row["sys_id"],
        "name": f"{row['name']} [{name}]",
        "isDefault": row["is_default"] == "true",
    }


def _is_served(instance: Instance, request: Request, person: Person) -> bool:
    if instance.access.row(person, "sys_update_set", READ).never:
        return False
    if not instance.switches.picker_needs_interface:
        return True
    host = request.headers.get("host", "")
    pages = (request.headers.get("origin", ""), request.headers.get("referer", ""))
    return bool(request.headers.get("x-usertoken")) and any(_host(page) == host for page in pages)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _check_served(instance: Instance, request: Request, person: Person) -> None:
    if not _is_served(instance, request, person):
        raise ApiRefused


def _given(body: Row, names: tuple[str, ...]) -> str:
    return next((body[name] for name in names if body.get(name)), "")
