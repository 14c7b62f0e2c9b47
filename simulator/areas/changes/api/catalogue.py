"""What changes are made from, and work under way, over the Change Management API."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint
from simulator.api.requests import host_of
from simulator.areas.changes import workers
from simulator.areas.changes.api.records import record, records
from simulator.areas.changes.api.requests import CHANGE, readable, selected
from simulator.instance import Instance


def of_table(table: str) -> dict[str, dict[str, Endpoint]]:
    """Endpoints that only read a table, by the rest of the address."""
    return {
        "": {"GET": partial(_many, table=table)},
        "/{sys_id}": {"GET": partial(_one, table=table)},
    }


async def worker(instance: Instance, request: Request, person: Person) -> Response:
    """How work that was given to a worker stands."""
    row = readable(instance, "chg_mgt_worker", request.path_params["sys_id"], person=person)
    if row["task"]:
        readable(instance, CHANGE, row["task"], person=person)
    return answer({"result": workers.progress(instance, row, host=host_of(request))})


async def _many(instance: Instance, request: Request, person: Person, *, table: str) -> Response:
    asked = selected(instance, request, table, person=person, by="name")
    found = records(
        instance, table, asked.select, person=person, limit=asked.limit, offset=asked.offset
    )
    return answer({"result": found})


async def _one(instance: Instance, request: Request, person: Person, *, table: str) -> Response:
    shown = record(instance, table, request.path_params["sys_id"], person=person)
    return answer({"result": shown})
