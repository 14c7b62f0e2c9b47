"""`/api/x_rhtpp_ansible/problem/{number}/new_state/{state}`: moves a problem on.

A scripted API of a store application, for instances whose Table API leaves the state of a problem
alone.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import READ, WRITE
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.api.requests import body_of, host_of, wanted
from simulator.areas.problems.rules import CHECK
from simulator.errors import AclRefused, NoRecord, Refusal, RuleAborted
from simulator.instance import Instance
from simulator.queries.parsing import literal

PLUGIN = "x_rhtpp_ansible"
_PATH = "/api/x_rhtpp_ansible/problem/{number}/new_state/{state}"


class TransitionImpossible(Refusal):
    """There is no way from the one state of a problem to the other."""

    def __init__(self, source: str, target: str) -> None:
        sentence = f"Problem state transition from state {source} to {target} is not possible"
        super().__init__(sentence, None)


def routes(instance: Instance) -> list[Route]:
    """The route of this API."""
    return api_routes(instance, {_PATH: {"PATCH": _move}}, plugin=PLUGIN)


async def _move(instance: Instance, request: Request, person: Person) -> Response:
    """Write the fields that are given, then the state. Raises TransitionImpossible."""
    given = dict(await body_of(request))
    given.pop("state", None)
    target = request.path_params["state"]
    problem = _problem(instance, request.path_params["number"], person)
    sys_id = problem["sys_id"]
    with instance.store.transaction():
        if given:
            instance.writer.change("problem", sys_id, given, person=person)
        try:
            moved = {"state": target}
            instance.update("problem", sys_id, moved, as_user=person.sys_id, run_rules=True)
        except RuleAborted as refusal:
            if CHECK in str(refusal.detail):
                raise TransitionImpossible(problem["state"], target) from None
            raise
    asked = wanted("problem", request.query_params)
    shown = instance.reader.one(asked, sys_id, person=person, host=host_of(request))
    return answer({"result": shown or {}})


def _problem(instance: Instance, number: str, person: Person) -> dict[str, str]:
    """The problem with a number. Raises NoRecord, or AclRefused if it is not theirs to write."""
    found = instance.query("problem", f"number={literal(number)}", limit=1)
    if not found or not instance.access.row(person, "problem", READ).holds(person, found[0]):
        raise NoRecord
    if not instance.access.row(person, "problem", WRITE).holds(person, found[0]):
        raise AclRefused("Update")
    return found[0]
