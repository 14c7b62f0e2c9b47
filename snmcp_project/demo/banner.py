"""What the demo prints once everything runs."""

import json
from urllib.parse import quote

from snmcp_project.demo.site import OPERATOR, DemoSite

PEOPLE = (
    ("abel.tuter", "works on incidents"),
    ("beth.anglin", "works on incidents, in other groups"),
    ("charlie.whitherspoon", "sees only what is Charlie's"),
)


def banner(site: DemoSite) -> str:
    """Return the few lines a newcomer needs: where to go, as whom, and how to connect."""
    mcp = f"{site.address}/mcp"
    people = "\n".join(f"      {name:<22} {what}" for name, what in PEOPLE)
    return f"""
  Open     {site.address}        (Ctrl-C ends everything)
  Sign in  at the simulated ServiceNow, password "demo":
{people}
  MCP      {mcp}
  Admin    {site.address}/admin/   {OPERATOR} / {site.secrets.operator_password}

  Claude Code   claude mcp add --transport http servicenow {mcp}
  VS Code       {vscode_link(mcp)}
  Inspector     npx @modelcontextprotocol/inspector --cli {mcp} --transport http --method tools/list
"""


def vscode_link(mcp: str) -> str:
    """Return the link that makes VS Code add the server at `mcp`; it carries no token."""
    config = json.dumps({"type": "http", "url": mcp}, separators=(",", ":"))
    return f"https://vscode.dev/redirect/mcp/install?name=servicenow&config={quote(config)}"
