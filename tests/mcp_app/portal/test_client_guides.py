"""Install links and commands lead to this server, and none carries a token."""

import base64
import json
from dataclasses import fields
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mcp_app.portal.client_guides import ClientGuide, client_guides

# Characters that a careless encoder breaks: `+`, `&`, `=` and a non-ASCII host.
MCP_URL = "https://mcp.example/a+b&c=d/ä/mcp"
GUIDES = {str(guide.name): guide for guide in client_guides(MCP_URL)}


def query_of(link: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}


def test_the_clients_people_use_are_all_there():
    assert {
        "Claude Code",
        "VS Code",
        "Cursor",
        "Claude",
        "ChatGPT",
        "Codex",
        "Copilot Studio",
        "ServiceNow (AI Agent Studio)",
        "MCP Inspector",
        "Any other client",
        "A client that only starts programs",
    } == set(GUIDES)


@pytest.mark.parametrize("client", ["VS Code", "Cursor"])
def test_a_link_reads_the_same_with_and_without_plus_signs_for_spaces(client: str):
    link = GUIDES[client].install_link
    assert "+" not in link
    assert unquote(urlsplit(link).query) == "&".join(
        f"{name}={value}" for name, value in query_of(link).items()
    )


def test_the_link_of_vs_code_gives_back_the_address():
    link = GUIDES["VS Code"].install_link
    assert link.startswith("https://vscode.dev/redirect/mcp/install?")
    query = query_of(link)
    assert query["name"] == "servicenow"
    assert json.loads(query["config"]) == {"type": "http", "url": MCP_URL}


def test_the_link_of_cursor_gives_back_the_address():
    link = GUIDES["Cursor"].install_link
    assert link.startswith("https://cursor.com/en/install-mcp?")
    query = query_of(link)
    assert query["name"] == "servicenow"
    assert json.loads(base64.b64decode(query["config"], validate=True)) == {"url": MCP_URL}


def test_the_configurations_are_json_with_the_address():
    any_other = json.loads(GUIDES["Any other client"].configuration)
    assert any_other["mcpServers"]["servicenow"] == {"type": "http", "url": MCP_URL}
    program = json.loads(GUIDES["A client that only starts programs"].configuration)
    arguments = program["mcpServers"]["servicenow"]["args"]
    assert arguments == ["-y", "mcp-remote", MCP_URL, "--auth-timeout", "300"]


def test_servicenows_own_client_has_an_address_of_its_own():
    guide = GUIDES["ServiceNow (AI Agent Studio)"]
    assert guide.address == f"{MCP_URL}/servicenow"
    words = " ".join(map(str, guide.steps))
    for way in ("Authorization Code", "Manual clients", "Client Credentials", "API Key"):
        assert way in words


def test_the_commands_name_the_address():
    for name in ("Claude Code", "Codex", "MCP Inspector"):
        assert MCP_URL in GUIDES[name].command.split()


def test_every_guide_has_steps_and_no_guide_has_a_token():
    for guide in GUIDES.values():
        assert guide.steps
        words = " ".join(str(getattr(guide, field.name)) for field in fields(ClientGuide))
        words = words.replace("Reconnect tokens", "")  # the page of that name
        for secret in ("token", "snmcp_", "Bearer", "Authorization:"):
            assert secret not in words
