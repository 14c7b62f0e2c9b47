"""A service principal at `/mcp`: exactly the person who made it, and shown as what it is."""

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from mcp_app.callers import caller_of
from mcp_app.credentials import credential_of_access_token
from oauth_app import service_clients
from oauth_app.models import Connection, Instance, ServiceClient
from tests.mcp_app.clients import MCP, Http, call, failure_in, request
from tests.mcp_app.people import Person
from tests.mcp_app.records import the_only_record
from tests.oauth_app.authorization_server.service_principals import ServicePrincipal

ALIAS = f"{MCP}/servicenow"
WRITE = call("create_incident", {"short_description": "The lift is stuck"})


async def made_by(person: Person, **how: object) -> ServicePrincipal:
    return await sync_to_async(ServicePrincipal.made_by)(person.connection, **how)


async def token_of(principal: ServicePrincipal, **asked: str) -> str:
    return await sync_to_async(principal.token)(**asked)


async def tools_of(mcp: Http, token: str) -> set[str]:
    answer = await mcp.modern(request("tools/list"), token=token)
    return {tool["name"] for tool in answer.json()["result"]["tools"]}


async def test_what_it_does_is_done_and_recorded_as_the_person_by_the_principal(
    mcp: Http, abel: Person
):
    principal = await made_by(abel)
    result = await mcp.call(
        "create_incident",
        {"short_description": "The lift is stuck"},
        token=await token_of(principal),
    )
    assert result["structuredContent"]["caller"]["sys_id"] == abel.connection.sys_id
    record, outcome = await the_only_record()
    assert (record.user_id, record.sys_id) == (abel.user.pk, abel.connection.sys_id)
    assert (record.credential, record.client_name) == ("service", "Night shift")
    assert record.get_credential_display() == "service principal"
    assert record.client_id == principal.client_id
    assert outcome.outcome == "succeeded"


async def test_the_tools_are_told_that_a_service_principal_calls(mcp: Http, abel: Person):
    token = await token_of(await made_by(abel, access="read", toolsets=["incidents"]))
    credential = await sync_to_async(credential_of_access_token)(token)
    assert credential is not None
    caller = caller_of(credential)
    assert (caller.credential, caller.client_name) == ("service", "Night shift")
    assert (caller.user_id, caller.access) == (abel.user.pk, "read")
    assert caller.toolsets == {"incidents"}


async def test_one_for_reading_has_no_tool_that_writes(mcp: Http, abel: Person):
    token = await token_of(await made_by(abel, access="read"))
    assert "create_incident" not in await tools_of(mcp, token)
    result = await mcp.call("create_incident", {"short_description": "x"}, token=token)
    assert failure_in(result)["code"] == "NOT_ALLOWED"


async def test_a_token_for_less_is_told_what_to_ask_for(mcp: Http, abel: Person):
    principal = await made_by(abel)
    answer = await mcp.modern(WRITE, token=await token_of(principal, scope="mcp:read"))
    assert answer.status_code == 403
    challenge = answer.headers["www-authenticate"]
    assert 'scope="mcp:read mcp:write"' in challenge
    assert challenge.endswith('/.well-known/oauth-protected-resource/mcp"')
    narrow = await token_of(principal, scope="mcp:read", resource=ALIAS)
    at_alias = await mcp.post(WRITE, token=narrow, address=ALIAS)
    assert at_alias.status_code == 403
    challenge = at_alias.headers["www-authenticate"]
    assert challenge.endswith('/.well-known/oauth-protected-resource/mcp/servicenow"')
    answer = await mcp.modern(WRITE, token=await token_of(principal, scope="mcp:read mcp:write"))
    assert answer.status_code == 200


async def test_it_works_through_the_connection_it_was_made_for(mcp: Http, abel: Person):
    token = await token_of(await made_by(abel))
    other = await Instance.objects.acreate(name="Other", base_url="https://other.example")
    await Connection.objects.acreate(
        user=abel.user,
        instance=other,
        sys_id="f" * 32,
        user_name="abel",
        signed_in_at=timezone.now(),
    )
    credential = await sync_to_async(credential_of_access_token)(token)
    assert credential is not None
    assert credential.connected is not None
    assert credential.connected.connection_id == abel.connection.pk


async def test_an_ended_one_is_refused_at_the_next_request(mcp: Http, abel: Person):
    token = await token_of(await made_by(abel))
    ping = request("ping")
    assert (await mcp.post(ping, token=token)).status_code == 200
    await sync_to_async(service_clients.revoke_all)(ServiceClient.objects.all())
    assert (await mcp.post(ping, token=token)).status_code == 401


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
async def test_its_secret_alone_opens_nothing(mcp: Http, abel: Person, header: str):
    principal = await made_by(abel)
    bare = await mcp.post(request("ping"), headers={header: principal.secret})
    bearer = await mcp.post(request("ping"), token=principal.secret)
    in_url = await mcp.post(request("ping"), address=f"{MCP}?token={principal.secret}")
    assert [answer.status_code for answer in (bare, bearer, in_url)] == [401] * 3
