"""From a client's first request over ServiceNow's sign-in and our consent page to a token."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client
from starlette.applications import Starlette

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import Connection
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient, query_of, yes
from tests.oauth_app.visitors import Visitor

STATE = "a&b=c d/ü?#%41"


def test_a_client_gets_a_token_for_whoever_signed_in_at_servicenow(
    mcp_client: McpClient, simulator: Starlette
):
    visitor = Visitor(simulator)
    sent_to_sign_in = mcp_client.ask(visitor.client, state=STATE)
    (back,) = parse_qs(urlsplit(sent_to_sign_in["Location"]).query)["next"]
    signed_in = visitor.sign_in("abel.tuter", next_path=back)
    assert signed_in["Location"] == back

    page = visitor.client.get(back)
    assert page.status_code == 200
    answer = visitor.client.post("/o/authorize/", yes(page))
    carried = query_of(answer["Location"])
    assert carried["state"] == STATE

    tokens = mcp_client.exchange(carried["code"]).json()
    found = verify_access_token(tokens["access_token"], resource=MCP)
    assert found is not None
    assert found.user == Connection.objects.get(user_name="abel.tuter").user
    assert "Claude Code" in visitor.client.get("/connection/clients").content.decode()


def test_a_sign_in_denied_at_servicenow_shows_no_consent_page(
    mcp_client: McpClient, simulator: Starlette
):
    visitor = Visitor(simulator)
    mcp_client.ask(visitor.client)
    question = "/o/authorize/?client_id=" + mcp_client.client_id
    denied = visitor.sign_in("abel.tuter", next_path=question, allow=False)
    assert denied.status_code >= 400
    assert mcp_client.ask(visitor.client)["Location"].startswith("/oauth/authorize")


def test_signing_out_ends_the_browser_but_not_the_clients(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    abel.post("/oauth/sign-out")
    assert abel.get("/connection").status_code == 302
    assert verify_access_token(tokens["access_token"], resource=MCP) is not None
