"""How each MCP client is connected to this server: one table, shown on My connection.

No link and no command ever carries a token: install links are kept, shared and logged by others.
"""

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth_app.authorization_server.resources import MCP_PATH, SERVICENOW_PATH

SERVER_NAME = "servicenow"
Text = str | Promise


@dataclass(frozen=True)
class ClientGuide:
    """How one client is connected: steps, and where there is one a command, link or file.

    `address` is given where the client takes another one than the usual.
    """

    name: Text
    steps: tuple[Text, ...]
    address: str = ""
    command: str = ""
    install_link: str = ""
    configuration: str = ""


def client_guides(mcp_url: str) -> tuple[ClientGuide, ...]:
    """Return the guides for the server at `mcp_url`, the most used clients first."""
    return (
        ClientGuide(
            "Claude Code",
            (
                _("Run this in a terminal."),
                _("Start Claude Code, type /mcp, choose servicenow and sign in."),
            ),
            command=f"claude mcp add --transport http {SERVER_NAME} {mcp_url}",
        ),
        ClientGuide(
            "VS Code",
            (_("Install, then choose Start, and sign in when VS Code asks."),),
            install_link=_vs_code_link(mcp_url),
        ),
        ClientGuide(
            "Cursor",
            (_("Install, then choose Connect in Cursor's settings under MCP."),),
            install_link=_cursor_link(mcp_url),
        ),
        ClientGuide(
            "Claude",
            (
                _("Open Settings, Connectors, and choose Add custom connector."),
                _("Name it ServiceNow, paste the MCP address and choose Add, then Connect."),
            ),
        ),
        ClientGuide(
            "ChatGPT",
            (
                _("Open Settings, Apps, Advanced, and turn on Developer mode."),
                _("Choose Create, paste the MCP address and choose OAuth."),
            ),
        ),
        ClientGuide(
            "Codex",
            (_("Run this in a terminal."), _("Then: codex mcp login servicenow")),
            command=f"codex mcp add {SERVER_NAME} --url {mcp_url}",
        ),
        ClientGuide(
            "Copilot Studio",
            (
                _("Open your agent, Tools, Add a tool, Model Context Protocol."),
                _("Paste the MCP address; choose OAuth 2.0 with dynamic discovery."),
            ),
        ),
        _servicenow_guide(mcp_url),
        ClientGuide(
            "MCP Inspector",
            (_("Run this in a terminal. It opens a browser for you to sign in."),),
            command=(
                f"npx @modelcontextprotocol/inspector --cli {mcp_url}"
                " --transport http --method tools/list"
            ),
        ),
        ClientGuide(
            _("Any other client"),
            (_("Add this to its MCP configuration."),),
            configuration=_indented({"mcpServers": {SERVER_NAME: _server(mcp_url)}}),
        ),
        ClientGuide(
            _("A client that only starts programs"),
            (_("Add this to its MCP configuration. It needs Node.js."),),
            configuration=_indented(
                {
                    "mcpServers": {
                        SERVER_NAME: {
                            "command": "npx",
                            # It would wait half a minute for a person who signs in twice.
                            "args": ["-y", "mcp-remote", mcp_url, "--auth-timeout", "300"],
                        }
                    }
                }
            ),
        ),
    )


def _servicenow_guide(mcp_url: str) -> ClientGuide:
    return ClientGuide(
        _("ServiceNow (AI Agent Studio)"),
        (
            _(
                "In AI Agent Studio open Settings, Manage MCP Servers, and add a server with the"
                " address above."
            ),
            _(
                "To let it work as each person: choose OAuth 2.1 and Authorization Code. It"
                " registers itself; if it cannot, whoever runs this server registers it under"
                " Manual clients."
            ),
            _(
                "To let it work on its own as you: make a service principal here, then choose"
                " OAuth 2.1, manual registration and Client Credentials."
            ),
            _("Without OAuth: choose API Key and enter one that you make under Reconnect tokens."),
        ),
        address=mcp_url + SERVICENOW_PATH.removeprefix(MCP_PATH),
    )


def _server(mcp_url: str) -> dict[str, str]:
    return {"type": "http", "url": mcp_url}


def _vs_code_link(mcp_url: str) -> str:
    return "https://vscode.dev/redirect/mcp/install?" + _query(config=_compact(_server(mcp_url)))


def _cursor_link(mcp_url: str) -> str:
    config = base64.b64encode(_compact({"url": mcp_url}).encode()).decode()
    return "https://cursor.com/en/install-mcp?" + _query(config=config)


def _query(*, config: str) -> str:
    """The query of an install link, without `+`, which only some take for a space."""
    return urlencode({"name": SERVER_NAME, "config": config}, quote_via=quote)


def _compact(configuration: dict[str, str]) -> str:
    return json.dumps(configuration, separators=(",", ":"))


def _indented(configuration: dict[str, object]) -> str:
    return json.dumps(configuration, indent=2)
