"""Where a change can go, who lets it, and how risky it is, over the Change Management API."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.requests import body_of
from simulator.areas.changes.api.records import record
from simulator.areas.changes.api.requests import (
    CHANGE,
    ChangeRefused,
    change_of,
    refusals_as_bad_requests,
)
from simulator.areas.changes.models import Transition
from simulator.areas.changes.risk import assessed
from simulator.areas.changes.transitions import holds, is_open, ways_from
from simulator.instance import Instance

_APPROVALS = "sysapproval_approver"
_DECISIONS = ("approved", "rejected")
_ANYBODYS = frozenset({"approval_admin"})


async def next_states(instance: Instance, request: Request, person: Person) -> Response:
    """The states a change can reach, the one it is in, and what each way takes."""
    change = change_of(instance, request, person)
    ways = ways_from(instance, change, state=change["state"])
    targets = list(dict.fromkeys(way.target for way in ways))
    labels = instance.choices.labels(CHANGE, "state")
    available = list(dict.fromkeys([*targets, change["state"]]))
    described = [
        [_described(instance, change, way) for way in ways if way.target == target]
        for target in (targets if change["chg_model"] else ())
    ]
    return answer(
        {
            "result": {
                "available_states": available,
                "state_transitions": described,
                "state_label": {state: labels.get(state, state) for state in available},
            }
        }
    )


async def decide(instance: Instance, request: Request, person: Person) -> Response:
    """Approve or reject as the acting person. Raises ChangeRefused if it is not theirs to do."""
    change = change_of(instance, request, person)
    given = await body_of(request)
    decision, comments = given.get("state", ""), given.get("comments", "")
    if decision not in _DECISIONS:
        raise ChangeRefused("Invalid state. Valid values are: approved, rejected")
    if decision == "rejected" and not comments:
        raise ChangeRefused("Comments are mandatory when rejecting an approval")
    approvals = _theirs(instance, change["sys_id"], person)
    if not approvals:
        raise ChangeRefused("User does not have the authority to approve or reject this change")
    values = {"state": decision} | ({"comments": comments} if comments else {})
    with refusals_as_bad_requests():
        instance.writer.change(_APPROVALS, approvals[0]["sys_id"], values, person=person)
    return answer({"result": record(instance, CHANGE, change["sys_id"], person=person)})


async def calculate_risk(instance: Instance, request: Request, person: Person) -> Response:
    """Set risk and impact from what is known of the change."""
    change = change_of(instance, request, person)
    with refusals_as_bad_requests():
        instance.writer.change(CHANGE, change["sys_id"], assessed(instance, change), person=person)
    return answer({"result": record(instance, CHANGE, change["sys_id"], person=person)})


def _described(instance: Instance, change: Mapping[str, str], way: Transition) -> dict[str, object]:
    return {
        "sys_id": way.sys_id,
        "display_value": way.name,
        "from_state": way.source,
        "to_state": way.target,
        "transition_available": is_open(instance, change, way),
        "automatic_transition": way.automatic,
        "conditions": [
            {
                "passed": holds(instance, change, one),
                "condition": {
                    "name": one.name,
                    "description": one.description or None,
                    "sys_id": one.sys_id,
                },
            }
            for one in way.requirements
        ],
    }


def _theirs(instance: Instance, sys_id: str, person: Person) -> Sequence[Mapping[str, str]]:
    """Approvals that wait for the person or whom they stand in for; an administrator's are all."""
    waiting = instance.query(_APPROVALS, f"sysapproval={sys_id}^state=requested")
    own = [row for row in waiting if row["approver"] in (person.sys_id, *person.approves_for)]
    return own or (waiting if person.has_any(_ANYBODYS) else [])
