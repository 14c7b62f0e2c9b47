"""Whether others may get an item that somebody wants to request for them."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.json_bodies import json_object_if_any
from simulator.areas.catalog import refusals
from simulator.areas.catalog.api.bodies import text
from simulator.areas.catalog.catalogue import Catalogue
from simulator.areas.catalog.questions import questions_of
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.areas.catalog.requesting_for import (
    check_configured,
    may_get,
    people_in,
    without_rights,
)
from simulator.instance import Instance

_NOT_CONFIGURED_CODE = "42202"


async def delegation(instance: Instance, request: Request, person: Person) -> Response:
    """`GET /items/{sys_id}/delegation/{user_sys_id}`."""
    item = Catalogue(instance, person).item(request.path_params["sys_id"])
    holds = may_get(instance, item["sys_id"], request.path_params["user_sys_id"])
    return answer({"result": {"result": holds}})


async def invalid_delegated_users(instance: Instance, request: Request, person: Person) -> Response:
    """`POST /items/{sys_id}/get_invalid_delegated_users` `{sysparm_also_request_for}`.

    Answers 200 with `errCode` and `errMsg` for an item that cannot be requested for several.
    """
    item = Catalogue(instance, person).item(request.path_params["sys_id"])
    people = people_in(text(await json_object_if_any(request), "sysparm_also_request_for"))
    if not people:
        raise CatalogRefused(refusals.NO_SUCH_PERSON)
    try:
        check_configured(person, questions_of(instance, item["sys_id"]))
    except CatalogRefused as refusal:
        failed = {"errCode": _NOT_CONFIGURED_CODE, "errMsg": refusal.message}
        return answer({"result": failed})
    refused = without_rights(instance, item["sys_id"], people)
    names = [(instance.row("sys_user", one) or {}).get("name", one) for one in refused]
    return answer({"result": {"invalidUsers": names}})
