"""The Change Management API: `/api/sn_chg_rest[/v1|/v2]/change`."""

from collections.abc import Mapping

from starlette.routing import Route

from simulator.api.endpoints import Endpoint, api_routes
from simulator.areas.changes.api import (
    catalogue,
    conflicts,
    items,
    schedules,
    states,
    tasks,
)
from simulator.areas.changes.api.changes import create_from_template, of_type
from simulator.areas.changes.api.requests import for_roles
from simulator.instance import Instance

PLUGIN = "com.snc.change_management.rest"
_BASE = "/api/sn_chg_rest{version}/change"

Paths = dict[str, Mapping[str, Endpoint]]


def routes(instance: Instance) -> list[Route]:
    """The routes of the API; everything is 400 where its plugin is absent."""
    known = {
        f"{_BASE}{path}": {
            method: for_roles(endpoint, method) for method, endpoint in endpoints.items()
        }
        for path, endpoints in _paths().items()
    }
    return api_routes(instance, known, plugin=PLUGIN)


def _paths() -> Paths:
    """By the rest of the address; what is named comes before what is any sys_id."""
    return {
        **_below("/model", catalogue.of_table("chg_model")),
        **_below("/standard/template", catalogue.of_table("std_change_record_producer")),
        "/worker/{sys_id}": {"GET": catalogue.worker},
        "/ci/{ci_sys_id}/schedule": {"GET": schedules.of_item},
        "/standard/{sys_id}/risk": {"PATCH": states.calculate_risk},
        **_below("/normal", of_type("normal")),
        **_below("/emergency", of_type("emergency")),
        **_standard(),
        **_of_a_change(),
        **_below("", of_type()),
    }


def _standard() -> Paths:
    """A standard change is made from the template that the address names."""
    paths = _below("/standard", of_type("standard"))
    one = "/standard/{sys_id}"
    return paths | {one: {**paths[one], "POST": create_from_template}}


def _of_a_change() -> Paths:
    return {
        "/{sys_id}/nextstates": {"GET": states.next_states},
        "/{sys_id}/approvals": {"PATCH": states.decide},
        "/{sys_id}/risk": {"PATCH": states.calculate_risk},
        "/{sys_id}/conflict": {
            "GET": conflicts.status,
            "POST": conflicts.check,
            "DELETE": conflicts.cancel,
        },
        "/{sys_id}/schedule": {"GET": schedules.of_change},
        "/{sys_id}/schedule/first_available": {"PATCH": schedules.take_first},
        "/{sys_id}/ci": {"GET": items.many, "POST": items.associate},
        "/{sys_id}/refresh_impacted_services": {"POST": items.refresh_impacted},
        "/{sys_id}/task": {"GET": tasks.many, "POST": tasks.create},
        "/{sys_id}/task/{task_sys_id}": {
            "GET": tasks.one,
            "PATCH": tasks.update,
            "DELETE": tasks.delete,
        },
    }


def _below(path: str, endpoints: Mapping[str, Mapping[str, Endpoint]]) -> Paths:
    return {f"{path}{rest}": methods for rest, methods in endpoints.items()}
