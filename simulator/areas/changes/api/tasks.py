"""Tasks of a change over the Change Management API."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.areas.changes.api.records import record, records
from simulator.areas.changes.api.requests import (
    applicable,
    change_of,
    given_fields,
    readable,
    refusals_as_bad_requests,
    selected,
)
from simulator.instance import Instance
from simulator.queries.parsing import Condition

_TASK = "change_task"


async def many(instance: Instance, request: Request, person: Person) -> Response:
    """The tasks of a change."""
    change = change_of(instance, request, person)
    only = (Condition("change_request", "=", change["sys_id"]),)
    asked = selected(instance, request, _TASK, person=person, only=only)
    found = records(
        instance, _TASK, asked.select, person=person, limit=asked.limit, offset=asked.offset
    )
    return answer({"result": found})


async def one(instance: Instance, request: Request, person: Person) -> Response:
    """One task of a change."""
    task = _task(instance, request, person)
    return answer({"result": record(instance, _TASK, task["sys_id"], person=person)})


async def create(instance: Instance, request: Request, person: Person) -> Response:
    """A new task of a change."""
    change = change_of(instance, request, person)
    fields = applicable(instance, _TASK, await given_fields(request), person=person)
    values = fields.applied | {"change_request": change["sys_id"], "parent": change["sys_id"]}
    with refusals_as_bad_requests():
        sys_id = instance.writer.create(_TASK, values, person=person)
    return _written(instance, sys_id, fields.ignored, person=person)


async def update(instance: Instance, request: Request, person: Person) -> Response:
    """Other values for a task."""
    task = _task(instance, request, person)
    given = await given_fields(request)
    fields = applicable(instance, _TASK, given, person=person, row=task)
    with refusals_as_bad_requests():
        instance.writer.change(_TASK, task["sys_id"], fields.applied, person=person)
    return _written(instance, task["sys_id"], fields.ignored, person=person)


async def delete(instance: Instance, request: Request, person: Person) -> Response:
    """A task goes; the answer is what it was."""
    task = _task(instance, request, person)
    before = record(instance, _TASK, task["sys_id"], person=person)
    with refusals_as_bad_requests():
        instance.writer.remove(_TASK, task["sys_id"], person=person)
    return answer({"result": before})


def _task(instance: Instance, request: Request, person: Person) -> Mapping[str, str]:
    """The task, if it is one of the change the address names."""
    change = change_of(instance, request, person)
    return readable(
        instance,
        _TASK,
        request.path_params["task_sys_id"],
        person=person,
        change_request=change["sys_id"],
    )


def _written(
    instance: Instance, sys_id: str, ignored: Sequence[str], *, person: Person
) -> Response:
    shown: dict[str, object] = {**record(instance, _TASK, sys_id, person=person)}
    return answer({"result": shown | {"__meta": {"ignoredFields": list(ignored)}}})
