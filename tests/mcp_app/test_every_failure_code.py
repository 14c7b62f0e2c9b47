"""Every code of a failure is reached by a client, each by one call through `/mcp`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from pytest_django import Settings
from starlette.applications import Starlette

from oauth_app.models import Connection
from oauth_app.models.connections import Reason, State
from simulator.control.faults import Fault, FaultKind
from simulator.records.rules import Aborted, BusinessRule, Change
from tests.mcp_app.clients import Http, failure_in
from tests.mcp_app.people import Person
from tools_app.models import ToolSetting

ABELS = "INC0010001"
BETHS_ID = "46d44a23a9fe19810012d100cca80666"
CHARLIES = "charlie.whitherspoon"


@dataclass(frozen=True)
class World:
    """What a case may change before its call."""

    simulator: Starlette
    settings: Settings

    def fault(self, kind: FaultKind, **more: object) -> None:
        """Let the instance fail."""
        self.simulator.state.world.faults.add(Fault(kind=kind, path="/api/*", count=50, **more))


@dataclass(frozen=True)
class Case:
    """A call that ends with `code`, and a word that its message has."""

    code: str
    tool: str
    said: str
    arguments: dict[str, object] = field(default_factory=dict)
    before: Callable[[World], Awaitable[dict[str, object] | None]] | None = None
    carries: str = ""


async def disconnected(_: World) -> None:
    await Connection.objects.aupdate(state=State.DISCONNECTED, reason=Reason.ASKED_BY_PERSON)


async def ended(_: World) -> None:
    await Connection.objects.aupdate(
        state=State.NEEDS_SIGN_IN, reason=Reason.ASKED_BY_OPERATOR, access_token=""
    )


async def not_authorized(world: World) -> None:
    world.fault(FaultKind.NOT_AUTHORIZED)


async def turned_off(_: World) -> None:
    await ToolSetting.objects.acreate(tool="get_my_profile", is_on=False)


async def asked_of_charlie(world: World) -> dict[str, object]:
    instance = world.simulator.state.instance
    [task] = instance.query("incident", "active=true", limit=1)
    charlie = instance.find_user(CHARLIES)
    row = {"sysapproval": task["sys_id"], "approver": charlie["sys_id"], "state": "requested"}
    return {"approval": instance.insert("sysapproval_approver", row), "decision": "approved"}


async def resolved(world: World) -> dict[str, object]:
    [row] = world.simulator.state.instance.query("incident", "state=6", limit=1)
    return {"incident": row["number"], "close_code": "Duplicate", "close_notes": "Known."}


async def aborting_rule(world: World) -> None:
    def keep_out(_: Change) -> None:
        raise Aborted

    rule = BusinessRule(name="Keep out", table="incident", action=keep_out)
    world.simulator.state.instance.rules.add(rule)


async def their_limit(world: World) -> None:
    world.fault(FaultKind.RATE_LIMITED, retry_after=30)


async def lost_reply(world: World) -> None:
    world.simulator.state.world.faults.add(Fault(kind=FaultKind.RESET_BEFORE, method="POST"))


async def hibernating(world: World) -> None:
    world.fault(FaultKind.HIBERNATING_PAGE)


async def host_not_allowed(world: World) -> None:
    world.settings.SERVICENOW_ALLOWED_HOSTS = []


PROFILE, CREATE = "get_my_profile", "create_incident"
PRINTER: dict[str, object] = {"short_description": "Printer"}
FOR_BETH: dict[str, object] = {"incident": ABELS, "other_fields": {"caller_id": BETHS_ID}}
CASES = (
    Case("AUTH_REQUIRED", PROFILE, "not connected", before=disconnected, carries="sign_in_url"),
    Case("AUTH_EXPIRED", PROFILE, "has ended", before=ended, carries="sign_in_url"),
    Case("INSUFFICIENT_PERMISSIONS", PROFILE, "role", before=not_authorized),
    Case("NOT_FOUND", "get_incident", "look the same", {"incident": "INC9999999"}),
    Case("VALIDATION_ERROR", "search_incidents", "`text` is blank", {"text": "   "}),
    Case(
        "AMBIGUOUS_MATCH",
        "search_incidents",
        "Jamie Morgan",
        {"assigned_to": "Jamie Morgan"},
        carries="candidates",
    ),
    Case("PROTECTED_FIELD", "update_incident", "caller_id", FOR_BETH),
    Case("NOT_ALLOWED", PROFILE, "", before=turned_off),
    Case("NOT_YOURS", "approve_or_reject", "", before=asked_of_charlie),
    Case("CONFLICT", "resolve_incident", "", before=resolved),
    Case("REJECTED_BY_SERVICENOW", CREATE, "quoted as data", PRINTER, before=aborting_rule),
    Case("RATE_LIMITED", PROFILE, "instance's own", before=their_limit, carries="retry_after"),
    Case("OUTCOME_UNKNOWN", CREATE, "may or may not", PRINTER, before=lost_reply),
    Case("SN_UNAVAILABLE", PROFILE, "hibernating", before=hibernating),
    Case("UNEXPECTED_ERROR", PROFILE, "in this server", before=host_not_allowed),
)
CODES = (
    "AUTH_REQUIRED AUTH_EXPIRED INSUFFICIENT_PERMISSIONS NOT_FOUND VALIDATION_ERROR "
    "AMBIGUOUS_MATCH PROTECTED_FIELD NOT_ALLOWED NOT_YOURS CONFLICT REJECTED_BY_SERVICENOW "
    "RATE_LIMITED OUTCOME_UNKNOWN SN_UNAVAILABLE UNEXPECTED_ERROR"
)


def test_every_code_has_its_case() -> None:
    assert [case.code for case in CASES] == CODES.split()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
async def test_a_client_is_told_the_code_what_happened_and_what_to_do_next(
    mcp: Http, abel: Person, simulator: Starlette, settings: Settings, case: Case
) -> None:
    token = await abel.access_token()
    arguments = case.arguments
    if case.before is not None:
        arguments = await case.before(World(simulator, settings)) or arguments
    failure = failure_in(await mcp.call(case.tool, arguments, token=token))
    assert failure["code"] == case.code
    assert case.said in failure["message"]
    assert failure["next_step"].endswith(".")
    assert failure["reference_id"]
    assert not case.carries or failure[case.carries]
