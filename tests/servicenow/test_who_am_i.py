"""Who signed in is proved three ways, or the sign-in is refused."""

import httpx
import pytest

from servicenow.exceptions import (
    IdentityUnproved,
    NotAuthenticated,
    ServerFault,
    ServiceNowFailure,
)
from servicenow.oauth import OAuthClient
from servicenow.who_am_i import Identity
from tests.servicenow.instance import (
    ADDRESS,
    ScriptedInstance,
    listed,
    page,
    refused,
    row,
    unauthenticated,
)

ABEL = row(sys_id="abel-id", user_name="abel.tuter", name="Abel Tuter", email="abel@example.com")
BETH = row(sys_id="beth-id", user_name="beth.anglin", name="Beth Anglin", email="")


def current_user(sys_id: str, user_name: str) -> httpx.Response:
    return httpx.Response(200, json={"result": {"user_sys_id": sys_id, "user_name": user_name}})


AGREES = current_user("abel-id", "abel.tuter")


@pytest.fixture
def oauth(http: httpx.AsyncClient) -> OAuthClient:
    return OAuthClient(ADDRESS, "our-client", "", "https://mcp.example/oauth/callback", http)


async def test_three_answers_that_agree_prove_the_person(
    oauth: OAuthClient, instance: ScriptedInstance
) -> None:
    instance.replies(listed(ABEL), listed(ABEL), AGREES)
    assert await oauth.who_am_i("token") == Identity(
        "abel-id", "abel.tuter", "Abel Tuter", "abel@example.com"
    )
    by_sys_id, by_name, by_ui = instance.requests
    assert by_sys_id.url.params["sysparm_query"] == "sys_id=javascript:gs.getUserID()"
    assert by_name.url.params["sysparm_query"] == "user_name=javascript:gs.getUserName()"
    assert by_sys_id.url.params["sysparm_limit"] == by_name.url.params["sysparm_limit"] == "2"
    assert by_ui.url.path == "/api/now/ui/user/current_user"
    assert {request.headers["Authorization"] for request in instance.requests} == {"Bearer token"}


@pytest.mark.parametrize(
    "unreachable",
    [
        refused(403, "User Not Authorized", "Access to unscoped api is not allowed"),
        refused(403, "User Not Authorized"),
        refused(400, "Requested URI does not represent any resource"),
        refused(404, "No Record found"),
        unauthenticated(),
        page("Login password"),
        page("Not found", 404),
    ],
)
async def test_two_answers_are_enough_where_the_third_may_not_be_asked(
    oauth: OAuthClient, instance: ScriptedInstance, unreachable: httpx.Response
) -> None:
    instance.replies(listed(ABEL), listed(ABEL), unreachable)
    assert (await oauth.who_am_i("token")).user_name == "abel.tuter"


@pytest.mark.parametrize(
    "script",
    [
        # The instance ignores conditions and returns everybody.
        [listed(ABEL, BETH, total=40)],
        [listed(ABEL, total=40)],
        [listed(ABEL), listed(ABEL, BETH, total=2)],
        [listed()],
        [listed(total=1)],
        [listed(ABEL), listed()],
        [httpx.Response(200, json={"result": [ABEL]})],
        [listed(ABEL), listed(BETH)],
        [listed(ABEL), listed(ABEL), current_user("beth-id", "beth.anglin")],
        [listed(ABEL), listed(ABEL), current_user("beth-id", "abel.tuter")],
        [listed(ABEL), listed(ABEL), current_user("abel-id", "beth.anglin")],
        [listed(ABEL), listed(ABEL), httpx.Response(200, json={"result": {}})],
        [listed(ABEL), listed(ABEL), httpx.Response(200, json={"result": "abel-id"})],
        [listed(ABEL), listed(ABEL), httpx.Response(200, json=[])],
        [listed(row(sys_id="", user_name="x"))] * 2,
        [listed(row(sys_id="x", user_name=""))] * 2,
        [listed(row(sys_id="x", user_name="guest"))] * 2,
        [listed(row(name="Abel Tuter"))] * 2,
    ],
)
async def test_anything_less_than_agreement_is_refused(
    oauth: OAuthClient, instance: ScriptedInstance, script: list[httpx.Response]
) -> None:
    instance.replies(*script)
    with pytest.raises(IdentityUnproved):
        await oauth.who_am_i("token")
    assert instance.script == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([unauthenticated()], NotAuthenticated),
        ([refused(500, "x")], ServerFault),
        ([listed(ABEL), listed(ABEL), refused(500, "x")], ServerFault),
    ],
)
async def test_a_failure_is_not_taken_for_an_answer(
    oauth: OAuthClient,
    instance: ScriptedInstance,
    script: list[httpx.Response],
    expected: type[ServiceNowFailure],
) -> None:
    instance.replies(*script)
    with pytest.raises(expected):
        await oauth.who_am_i("token")
