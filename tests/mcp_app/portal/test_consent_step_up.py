"""A client that comes back for more: the page says what is new, and what is allowed last counts."""

import re

from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from oauth_app.authorization_server.verification import verify_access_token
from oauth_app.models import ClientGrant, Connection
from tests.mcp_app.portal.pages import text_of
from tests.oauth_app.authorization_server.mcp_client import MCP, WEB_REDIRECT, McpClient, yes
from tools_app.catalog import TOOLSETS
from tools_app.models import ToolsetGrant

READ = "mcp:read"


def ticked(page: HttpResponse) -> list[str]:
    return re.findall(r'name="toolsets" value="(\w+)" checked', page.content.decode())


def is_read_only_ticked(page: HttpResponse) -> bool:
    return 'name="read_only" value="on" checked' in page.content.decode()


def test_a_first_question_says_nothing_of_before(abel: Client, mcp_client: McpClient):
    text = text_of(mcp_client.ask(abel))
    assert "You let it in" not in text
    assert "not so far" not in text


def test_a_client_that_only_read_and_asks_to_write_is_shown_as_asking_for_more(
    abel: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel, scope=READ)
    page = mcp_client.ask(abel)
    assert "so far it only reads. Now it asks to change records, too." in text_of(page)
    assert not is_read_only_ticked(page)
    tokens = mcp_client.tokens(abel)
    assert tokens["scope"] == "mcp:read mcp:write"
    assert ClientGrant.objects.get().access == "write"


def test_what_the_person_made_read_only_stays_so_unless_they_say_otherwise(
    abel: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel, answer={"read_only": "on"})
    page = mcp_client.ask(abel)
    assert "so far it only reads. Now it asks to change records, too." in text_of(page)
    assert is_read_only_ticked(page)
    assert mcp_client.tokens(abel)["scope"] == READ
    assert mcp_client.tokens(abel, answer={"read_only": ""})["scope"] == "mcp:read mcp:write"


def test_toolsets_the_person_left_out_are_marked_and_stay_out(abel: Client, mcp_client: McpClient):
    mcp_client.tokens(abel, answer={"toolsets": ["people"]})
    page = mcp_client.ask(abel)
    assert ticked(page) == ["people"]
    assert re.search(r"Incidents reads writes not so far", text_of(page))
    assert text_of(page).count("not so far") == len(TOOLSETS) - 1
    assert "so far it reads and writes. What you allow here" in text_of(page)


def test_a_consent_takes_the_place_of_the_one_before(abel: Client, mcp_client: McpClient):
    before = mcp_client.tokens(abel)
    since = ClientGrant.objects.get().created_at
    mcp_client.tokens(abel, answer={"read_only": "on", "toolsets": ["people"]})
    grant = ClientGrant.objects.get()
    assert (grant.access, grant.toolsets, grant.created_at) == ("read", ["people"], since)
    found = verify_access_token(before["access_token"], resource=MCP)
    assert found is not None
    assert (found.access, found.toolsets) == ("read", {"people"})


def test_an_older_token_of_a_client_that_stepped_up_still_only_reads(
    abel: Client, mcp_client: McpClient
):
    before = mcp_client.tokens(abel, scope=READ)
    mcp_client.tokens(abel)
    found = verify_access_token(before["access_token"], resource=MCP)
    assert found is not None
    assert found.scopes == {READ}


def test_whoever_steps_up_is_remembered_only_if_the_person_says_so_anew(abel: Client):
    client = McpClient.registered(redirect_uris=[WEB_REDIRECT])
    client.tokens(abel, scope=READ, answer={"remember": "on"})
    page = client.ask(abel)
    assert re.search(r'name="remember" value="on">', page.content.decode())
    again = abel.post("/o/authorize/", yes(page) | {"remember": "on", "toolsets": []})
    assert re.search(r'name="remember" value="on" checked>', again.content.decode())


def test_a_no_leaves_what_was_allowed_as_it_is(abel: Client, mcp_client: McpClient):
    tokens = mcp_client.tokens(abel, scope=READ)
    ticket = re.search(r'name="ticket" value="([^"]+)"', mcp_client.ask(abel).content.decode())
    assert ticket
    abel.post("/o/authorize/", {"ticket": ticket[1], "decision": "deny"})
    assert ClientGrant.objects.get().access == "read"
    assert verify_access_token(tokens["access_token"], resource=MCP) is not None


def test_another_persons_consent_is_nothing_to_go_by(
    abel: Client, beth: Client, mcp_client: McpClient
):
    mcp_client.tokens(abel, answer={"toolsets": ["people"]})
    page = mcp_client.ask(beth)
    assert "You let it in" not in text_of(page)
    assert ticked(page) == list(TOOLSETS)


# --- what the operator took away -------------------------------------------------------------


def test_only_what_the_person_may_use_is_theirs_to_give(abel: Client, mcp_client: McpClient):
    ToolsetGrant.objects.create(toolset="incidents", reach=ToolsetGrant.Reach.OFF)
    page = mcp_client.ask(abel)
    assert ticked(page) == [name for name in TOOLSETS if name != "incidents"]
    assert "Create incident" not in text_of(page)


def test_a_toolset_that_is_read_only_here_is_offered_as_such(abel: Client, mcp_client: McpClient):
    for toolset in TOOLSETS:
        ToolsetGrant.objects.create(toolset=toolset, reach=ToolsetGrant.Reach.READ)
    page = mcp_client.ask(abel)
    assert "Create incident" not in text_of(page)
    assert "Here you may change nothing yourself." in text_of(page)
    assert mcp_client.tokens(abel)["scope"] == READ


def test_a_rule_for_one_person_is_a_rule_for_their_page_alone(
    abel: Client, beth: Client, mcp_client: McpClient
):
    beths = Connection.objects.get(user_name="beth.anglin").user
    group = beths.groups.create(name="readers")
    ToolsetGrant.objects.create(toolset="incidents", group=group, reach=ToolsetGrant.Reach.OFF)
    assert "incidents" not in ticked(mcp_client.ask(beth))
    assert "incidents" in ticked(mcp_client.ask(abel))


def test_somebody_who_may_use_no_tool_has_nothing_to_allow(
    abel: Client, mcp_client: McpClient, settings: Settings
):
    for toolset in TOOLSETS:
        ToolsetGrant.objects.create(toolset=toolset, reach=ToolsetGrant.Reach.OFF)
    assert "there is nothing to allow" in text_of(mcp_client.ask(abel))
