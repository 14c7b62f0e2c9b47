"""The endpoint and its alias for ServiceNow's client: two resources, one of which opens both."""

import pytest
from django.test import Client

from oauth_app.authorization_server.resources import ForeignResource, audience_of, opens
from oauth_app.authorization_server.verification import VerifiedToken, verify_access_token
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient
from tests.oauth_app.authorization_server.musts import guards
from tests.oauth_app.authorization_server.musts_of_service_principals import SERVICE_MUSTS

ALIAS = f"{MCP}/servicenow"
BOTH = pytest.mark.parametrize("asked", [MCP, ALIAS])


def verified(tokens: dict[str, str], *, at: str) -> VerifiedToken | None:
    return verify_access_token(tokens["access_token"], resource=at)


@pytest.mark.parametrize("spelt", [ALIAS, f"{ALIAS}/", "HTTP://LOCALHOST:8080/mcp/servicenow"])
def test_a_token_for_the_alias_opens_the_alias_alone(
    mcp_client: McpClient, abel: Client, spelt: str
):
    code = mcp_client.code(abel, resource=spelt)
    tokens = mcp_client.exchange(code, resource=spelt).json()
    assert verified(tokens, at=ALIAS) is not None
    assert verified(tokens, at=MCP) is None


@pytest.mark.parametrize("asked", [MCP, None])
def test_a_token_for_the_endpoint_opens_the_alias_too(
    mcp_client: McpClient, abel: Client, asked: str | None
):
    code = mcp_client.code(abel, resource=asked)
    tokens = mcp_client.exchange(code, resource=asked).json()
    assert verified(tokens, at=MCP) is not None
    assert verified(tokens, at=ALIAS) is not None


@BOTH
def test_what_is_not_said_again_at_the_token_endpoint_stays_as_it_was_granted(
    mcp_client: McpClient, abel: Client, asked: str
):
    tokens = mcp_client.exchange(mcp_client.code(abel, resource=asked), resource=None).json()
    for _ in range(2):
        assert verified(tokens, at=ALIAS) is not None
        assert (verified(tokens, at=MCP) is not None) == (asked == MCP)
        tokens = mcp_client.refresh(tokens["refresh_token"]).json()


@guards(SERVICE_MUSTS)
def test_a_code_for_the_alias_cannot_be_widened_to_the_endpoint(
    mcp_client: McpClient, abel: Client
):
    answer = mcp_client.exchange(mcp_client.code(abel, resource=ALIAS), resource=MCP)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")


@guards(SERVICE_MUSTS)
def test_a_refresh_cannot_widen_the_alias_to_the_endpoint(mcp_client: McpClient, abel: Client):
    tokens = mcp_client.exchange(mcp_client.code(abel, resource=ALIAS), resource=None).json()
    answer = mcp_client.refresh(tokens["refresh_token"], resource=MCP)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")


def test_a_code_for_the_endpoint_may_be_narrowed_to_the_alias(mcp_client: McpClient, abel: Client):
    tokens = mcp_client.exchange(mcp_client.code(abel), resource=ALIAS).json()
    assert verified(tokens, at=ALIAS) is not None
    assert verified(tokens, at=MCP) is None


@pytest.mark.parametrize(
    "foreign",
    [
        "http://localhost:8080/mcp/servicenow/more",
        "http://localhost:8080/mcp/service",
        "http://localhost:8080/mcp/servicenow?x=1",
        "https://localhost:8080/mcp/servicenow",
        "http://localhost:8080/mcp%2Fservicenow",
        "http://other.example/mcp/servicenow",
        "servicenow",
    ],
)
def test_what_only_looks_like_the_alias_is_foreign(foreign: str):
    with pytest.raises(ForeignResource):
        audience_of([ALIAS, foreign])
    assert not opens(foreign, ALIAS)
    assert not opens(MCP, foreign)


def test_both_may_be_asked_for_at_once():
    assert audience_of([MCP, ALIAS, f"{MCP}/"]) == [MCP, ALIAS]
