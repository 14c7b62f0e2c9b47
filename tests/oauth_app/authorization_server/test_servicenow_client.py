"""ServiceNow's own MCP client as documented: no `resource`, commas in scopes, a secret."""

import base64

import pytest
from django.test import Client

from oauth_app.authorization_server.verification import verify_access_token
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient, register

REDIRECT = "https://acme.service-now.com/oauth_redirect.do"
ALIAS = f"{MCP}/servicenow"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_its_whole_way_with_dynamic_registration(abel: Client, method: str):
    # Its form has a field for a registration token, which is sent also where none is needed.
    with_token = Client(headers={"Authorization": "Bearer whatever-was-entered"})
    answer = register(
        with_token,
        client_name="ServiceNow",
        redirect_uris=[REDIRECT],
        token_endpoint_auth_method=method,
        scope="mcp:read,mcp:write",
    )
    assert answer.status_code == 201, answer.content
    client = McpClient(answer.json()["client_id"], answer.json()["client_secret"], REDIRECT)
    credentials = {"client_secret": client.client_secret}
    if method == "client_secret_basic":
        pair = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()
        client.web = Client(headers={"Authorization": f"Basic {pair}"})
        credentials = {"client_id": None}
    code = client.code(abel, resource=None, scope="mcp:read,mcp:write")
    tokens = client.exchange(code, resource=None, **credentials).json()
    assert tokens["scope"] == "mcp:read mcp:write"
    tokens = client.refresh(tokens["refresh_token"], **credentials).json()
    found = verify_access_token(tokens["access_token"], resource=ALIAS)
    assert found is not None
    assert (found.user.username, found.client_name) == ("abel.tuter", "ServiceNow")
