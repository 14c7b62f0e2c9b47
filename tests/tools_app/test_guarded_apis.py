"""The APIs beside the Table API: as the caller, and never naming anybody."""

from dataclasses import replace

import pytest

from servicenow.exceptions import BadRequest, NotAsDocumented, OutcomeUnknown, RecordNotFound
from servicenow.responses import Sought
from simulator.control.faults import FaultKind
from tests.identity.requirements import protects
from tests.tools_app.desk import Desk
from tools_app.exceptions import ToolNotAllowed
from tools_app.guarded_apis import GuardedApis, NamesSomebody

ARTICLES = "/api/sn_km_api/knowledge/articles"
CHANGES = "/api/sn_chg_rest/change"
SOUGHT = Sought("", "")


def apis_of(desk: Desk, tool: str = "update_incident") -> GuardedApis:
    return desk.tool_call(tool).apis


async def test_what_is_read_is_the_result_as_the_person_sees_it(abel: Desk) -> None:
    found = await apis_of(abel).read(ARTICLES, query={"query": "email"}, sought=SOUGHT)
    assert found["articles"]


async def test_what_is_missing_is_not_found(abel: Desk) -> None:
    with pytest.raises(RecordNotFound):
        await apis_of(abel).read(f"{ARTICLES}/{'f' * 32}", sought=Sought("kb_knowledge", "f"))


async def test_an_answer_without_a_result_is_not_as_documented(abel: Desk) -> None:
    with pytest.raises(NotAsDocumented):
        await apis_of(abel).read("/simulator/health", sought=SOUGHT)


@protects("P12")
async def test_a_call_that_may_only_read_sends_nothing(abel: Desk) -> None:
    with pytest.raises(ToolNotAllowed):
        await apis_of(abel, "get_incident").send("POST", CHANGES, body={"a": "b"}, sought=SOUGHT)
    reader = replace(abel, caller=replace(abel.caller, access="read"))
    with pytest.raises(ToolNotAllowed):
        await apis_of(reader).send("POST", CHANGES, body={"a": "b"}, sought=SOUGHT)
    assert abel.requests("POST") == []


@protects("P4")
@pytest.mark.parametrize(
    "body",
    [
        {"requested_by": "x"},
        {"Requested-For": "x"},
        {"sysparm_requested_for": "x"},
        {"sysparm_also_request_for": "x"},
        {"outer": {"caller_id": "x"}},
        {"sys_id": "x"},
    ],
)
async def test_a_body_that_names_somebody_is_never_sent(
    abel: Desk, body: dict[str, object]
) -> None:
    with pytest.raises(NamesSomebody):
        await apis_of(abel).send("POST", CHANGES, body=body, sought=SOUGHT)
    with pytest.raises(NamesSomebody):
        await apis_of(abel).send(
            "POST", CHANGES, body={}, query={"sysparm_requested_for": "x"}, sought=SOUGHT
        )
    assert abel.requests("POST") == []


async def test_variables_have_the_names_that_their_item_gives_them(abel: Desk) -> None:
    body = {"sysparm_quantity": "1", "variables": {"requested_for": "x"}}
    with pytest.raises(BadRequest, match="prevent ordering"):
        await apis_of(abel).send(
            "POST",
            f"/api/sn_sc/servicecatalog/items/{'f' * 32}/order_now",
            body=body,
            sought=Sought("sc_cat_item", "f"),
        )


async def test_a_lost_reply_leaves_the_outcome_unknown(abel: Desk) -> None:
    abel.fault(FaultKind.RESET_AFTER, method="POST")
    with pytest.raises(OutcomeUnknown):
        await apis_of(abel).send(
            "POST", f"{CHANGES}/normal", body={"short_description": "x"}, sought=SOUGHT
        )
    assert len(abel.requests("POST", CHANGES)) == 1
