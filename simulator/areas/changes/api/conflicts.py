"""Conflict checking of a change over the Change Management API."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.areas.changes import workers
from simulator.areas.changes.api.records import records
from simulator.areas.changes.api.requests import CHANGE, ChangeRefused, change_of
from simulator.areas.changes.conflict_detection import detect
from simulator.areas.changes.windows import planned_at
from simulator.instance import Instance
from simulator.queries.parsing import parse

_MOST = 500
_TABLE = "conflict"


async def check(instance: Instance, request: Request, person: Person) -> Response:
    """Start a check; the sys_id of its process. Raises ChangeRefused if it cannot start."""
    change = change_of(instance, request, person)
    if not change["cmdb_ci"] or not _is_planned(change):
        raise ChangeRefused(
            "Conflict detection requires a configuration item and planned start and end dates"
        )
    worker = run_check(instance, change)
    return answer({"result": worker})


def run_check(instance: Instance, change: Mapping[str, str]) -> str:
    """Put what is found now in the place of what was found before; the worker's sys_id."""
    with instance.store.transaction():
        for old in instance.query(_TABLE, f"change={change['sys_id']}"):
            instance.delete(_TABLE, old["sys_id"])
        found = detect(instance, change)
        for one in found:
            values = {
                "change": change["sys_id"],
                "type": one.kind,
                "configuration_item": one.item,
                "conflicting_change": one.other,
                "related_configuration_item": one.related,
                "schedule": one.schedule,
                "last_checked": instance.now(),
            }
            instance.insert(_TABLE, values)
        status = "Conflict" if found else "No Conflict"
        checked = {"conflict_status": status, "conflict_last_run": instance.now()}
        instance.update(CHANGE, change["sys_id"], checked)
        asked = {"change_sys_id": change["sys_id"]}
        return workers.start(
            instance, "conflict", asked, outcome=workers.Outcome(), task=change["sys_id"]
        )


async def status(instance: Instance, request: Request, person: Person) -> Response:
    """How the last check stands, and what it found."""
    change = change_of(instance, request, person)
    worker = _last(instance, change["sys_id"])
    if worker is None:
        return answer({"result": _never_run()})
    state = workers.state_of(instance, worker)
    select = instance.compiler.compile(
        _TABLE, parse(f"change={change['sys_id']}^ORDERBYtype"), person=person
    )
    found = records(instance, _TABLE, select, person=person, limit=_MOST)
    done = state != workers.IN_PROGRESS
    return answer(
        {
            "result": {
                # Documented so: it says "Conflict" even where none was found.
                "status": "Conflict" if done else "Not Run",
                "last_run": person.shown(worker["sys_created_on"]),
                "record_count": "1",
                "job_status": "2" if done else "1",
                "conflicts": found if done else [],
            }
        }
    )


async def cancel(instance: Instance, request: Request, person: Person) -> Response:
    """Cancel a check that is running. Raises ChangeRefused if none is."""
    change = change_of(instance, request, person)
    worker = _last(instance, change["sys_id"])
    if worker is None or not workers.is_running(instance, worker):
        raise ChangeRefused("There is no conflict detection process running for this change")
    instance.update("chg_mgt_worker", worker["sys_id"], {"canceled": "true"})
    for found in instance.query(_TABLE, f"change={change['sys_id']}"):
        instance.delete(_TABLE, found["sys_id"])
    instance.update(CHANGE, change["sys_id"], {"conflict_status": "Not Run"})
    return answer(None)


def _is_planned(change: Mapping[str, str]) -> bool:
    try:
        return planned_at(change["start_date"]) < planned_at(change["end_date"])
    except ValueError:
        return False


def _last(instance: Instance, sys_id: str) -> Mapping[str, str] | None:
    checks = f"task={sys_id}^type=conflict^canceled=false^ORDERBYDESCsys_created_on"
    found = instance.query("chg_mgt_worker", checks, limit=1)
    return found[0] if found else None


def _never_run() -> dict[str, object]:
    return {
        "status": "Not Run",
        "last_run": "",
        "record_count": "0",
        "job_status": "",
        "conflicts": [],
    }
