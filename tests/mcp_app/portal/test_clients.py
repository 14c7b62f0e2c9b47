"""Connected clients: what is connected, since when, how far; and the end of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant
from tests.mcp_app.portal.pages import text_of
from tests.oauth_app.authorization_server.mcp_client import MCP, McpClient

PAGE = "/connection/clients"


def opens(tokens: dict[str, str]) -> bool:
    return verify_access_token(tokens["access_token"], resource=MCP) is not None


def test_a_stranger_signs_in_first(db: None):
    assert Client().get(PAGE)["Location"] == "/oauth/authorize?next=%2Fconnection%2Fclients"


def test_nobody_is_connected_at_first(abel: Client):
    assert "No client is connected" in text_of(abel.get(PAGE))


def test_a_connected_client_is_listed_with_what_it_may_do(abel: Client, mcp_client: McpClient):
    mcp_client.tokens(abel, answer={"toolsets": ["incidents"], "read_only": "on"})
    text = text_of(abel.get(PAGE))
    assert "Claude Code Read only Incidents Since" in text
    assert "at 127.0.0.1" in text
    assert "Never used" in text
    ClientGrant.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    assert "Last used" in text_of(abel.get(PAGE))


def test_disconnecting_one_client_leaves_the_other(abel: Client, mcp_client: McpClient):
    first = mcp_client.tokens(abel)
    second = McpClient.registered(client_name="Cursor").tokens(abel)
    grant = ClientGrant.objects.get(application__name="Claude Code")
    response = abel.post(PAGE, {"action": "one", "id": grant.pk}, follow=True)
    assert "1 client is disconnected" in text_of(response)
    assert not opens(first)
    assert opens(second)
    assert "Claude Code" not in text_of(abel.get(PAGE))


def test_disconnecting_all_ends_every_client(abel: Client, mcp_client: McpClient):
    both = [mcp_client.tokens(abel), McpClient.registered(client_name="Cursor").tokens(abel)]
    response = abel.post(PAGE, {"action": "all"}, follow=True)
    assert "2 clients are disconnected" in text_of(response)
    assert not any(opens(tokens) for tokens in both)


def test_charlie_cannot_see_or_disconnect_abels_client(
    abel: Client, charlie: Client, mcp_client: McpClient
):
    tokens = mcp_client.tokens(abel)
    grant = ClientGrant.objects.get()
    assert "Claude Code" not in text_of(charlie.get(PAGE))
    assert charlie.post(PAGE, {"action": "one", "id": grant.pk}).status_code == 404
    charlie.post(PAGE, {"action": "all"})
    assert opens(tokens)


def test_a_damaged_form_disconnects_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    for form in ({}, {"action": "one"}, {"action": "one", "id": "x"}, {"action": "none"}):
        assert abel.post(PAGE, form).status_code == 404
    assert opens(tokens)


def test_a_forged_form_disconnects_nothing(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = abel.cookies
    assert strict.post(PAGE, {"action": "all"}).status_code == 403
    assert opens(tokens)
