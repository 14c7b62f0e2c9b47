"""Configuration items of a change over the Change Management API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.requests import host_of
from simulator.areas.changes import workers
from simulator.areas.changes.api.records import records
from simulator.areas.changes.api.requests import (
    ChangeRefused,
    body,
    change_of,
    readable,
    selected,
)
from simulator.areas.changes.conflict_detection import neighbours
from simulator.errors import NoRecord, OperationFailed
from simulator.instance import Instance
from simulator.queries.parsing import Condition

_MOST = 1000
_DEPTH = 5


@dataclass(frozen=True, kw_only=True)
class _Association:
    table: str
    field: str
    of: str


_ASSOCIATIONS = {
    "affected": _Association(table="task_ci", field="ci_item", of="cmdb_ci"),
    "impacted": _Association(table="task_cmdb_ci_service", field="cmdb_ci_service", of="cmdb_ci"),
    "offering": _Association(table="task_service_offering", field="service_offering", of="cmdb_ci"),
}


async def many(instance: Instance, request: Request, person: Person) -> Response:
    """The items associated with a change in one way."""
    change = change_of(instance, request, person)
    kind = _association(request.query_params.get("association_type"))
    only = (Condition("task", "=", change["sys_id"]),)
    asked = selected(instance, request, kind.table, person=person, only=only, by="sys_created_on")
    found = records(
        instance, kind.table, asked.select, person=person, limit=asked.limit, offset=asked.offset
    )
    return answer({"result": found})


async def associate(instance: Instance, request: Request, person: Person) -> Response:
    """Give a worker the items to associate with a change."""
    change = change_of(instance, request, person)
    given = await body(request)
    kind = _association(given.get("association_type"))
    items = _sys_ids(given.get("cmdb_ci_sys_ids"))
    outcome = workers.Outcome()
    for item in items:
        _add(instance, change["sys_id"], kind, item, person=person, outcome=outcome)
    if str(given.get("refresh_impacted_services")).lower() == "true":
        _refresh(instance, change, person=person, outcome=outcome)
    asked = {
        "cmdb_ci_sys_ids": items,
        "association_type": given["association_type"],
        "task": change["sys_id"],
    }
    worker = workers.start(
        instance,
        str(given["association_type"]),
        asked,
        outcome=outcome,
        task=change["sys_id"],
    )
    return _accepted(instance, request, worker, status=202)


async def refresh_impacted(instance: Instance, request: Request, person: Person) -> Response:
    """Give a worker the impacted services of a change to find."""
    change = change_of(instance, request, person)
    outcome = workers.Outcome()
    _refresh(instance, change, person=person, outcome=outcome)
    asked = {"task": change["sys_id"]}
    worker = workers.start(instance, "impacted", asked, outcome=outcome, task=change["sys_id"])
    return _accepted(instance, request, worker, status=200)


def _accepted(instance: Instance, request: Request, worker: str, *, status: int) -> Response:
    shown = workers.started(instance, worker, host=host_of(request))
    return answer({"result": shown}, status=status)


def _association(given: object) -> _Association:
    found = _ASSOCIATIONS.get(given) if isinstance(given, str) else None
    if found is None:
        raise ChangeRefused("association_type must be one of: affected, impacted, offering")
    return found


def _sys_ids(given: object) -> list[str]:
    """A list, or the same with commas. Raises ChangeRefused for anything else."""
    ids = given.split(",") if isinstance(given, str) else given
    if not isinstance(ids, list) or not ids or len(ids) > _MOST:
        raise ChangeRefused("cmdb_ci_sys_ids is required")
    if not all(isinstance(one, str) and one.strip() for one in ids):
        raise ChangeRefused("cmdb_ci_sys_ids must be a list of sys_ids")
    return [str(one).strip() for one in ids]


def _add(
    instance: Instance,
    task: str,
    kind: _Association,
    item: str,
    *,
    person: Person,
    outcome: workers.Outcome,
) -> None:
    """Associate one item as the person; what comes of it is said in `outcome`."""
    try:
        found = readable(instance, kind.of, item, person=person)["sys_id"]
    except NoRecord:
        outcome.errors.append(f"Invalid CMDB_CI sys_id provided: {item}")
        return
    if instance.query(kind.table, f"task={task}^{kind.field}={found}"):
        outcome.notes.append(f"CMDB_CI sys_id already associated: {item}")
        return
    try:
        instance.writer.create(kind.table, {"task": task, kind.field: found}, person=person)
    except OperationFailed as refusal:
        outcome.errors.append(str(refusal.detail))


def _refresh(
    instance: Instance,
    change: Mapping[str, str],
    *,
    person: Person,
    outcome: workers.Outcome,
) -> None:
    kind, task = _ASSOCIATIONS["impacted"], change["sys_id"]
    affected = [row["ci_item"] for row in instance.query("task_ci", f"task={task}")]
    for service in _services(instance, [change["cmdb_ci"], *affected]):
        if not instance.query(kind.table, f"task={task}^{kind.field}={service}"):
            _add(instance, task, kind, service, person=person, outcome=outcome)


def _services(instance: Instance, items: list[str]) -> Iterator[str]:
    """The services that stand on these items, and those among them."""
    seen: set[str] = set()
    level = [item for item in items if item]
    for _ in range(_DEPTH):
        level = [item for item in dict.fromkeys(level) if item not in seen]
        seen.update(level)
        for item in level:
            if instance.row("cmdb_ci_service", item) is not None:
                yield item
        level = [above for item in level for above in neighbours(instance, item)[0]]
