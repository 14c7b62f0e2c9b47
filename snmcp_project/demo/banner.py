"""What the demo prints once everything runs."""

from mcp_app.portal.client_guides import ClientGuide, client_guides
from snmcp_project.demo.site import OPERATOR, DemoSite

PEOPLE = (
    ("abel.tuter", "works on incidents"),
    ("beth.anglin", "works on incidents, in other groups"),
    ("charlie.whitherspoon", "sees only what is Charlie's"),
)


def banner(site: DemoSite) -> str:
    """Return the few lines a newcomer needs: where to go, as whom, and how to connect."""
    mcp = f"{site.address}/mcp"
    guides = client_guides(mcp)
    people = "\n".join(f"      {name:<22} {what}" for name, what in PEOPLE)
    return f"""
  Open     {site.address}        (Ctrl-C ends everything)
  Sign in  at the simulated ServiceNow, password "demo":
{people}
  MCP      {mcp}
  Admin    {site.address}/admin/   {OPERATOR} / {site.secrets.operator_password}
  Console  {site.instance_address}/simulator/console   what arrives at the simulated ServiceNow

  Claude Code   {_named("Claude Code", guides).command}
  VS Code       {_named("VS Code", guides).install_link}
  Inspector     {_named("MCP Inspector", guides).command}
"""


def _named(client: str, guides: tuple[ClientGuide, ...]) -> ClientGuide:
    # Names that are translated need Django, and it does not run in the process of the demo.
    named = (guide for guide in guides if isinstance(guide.name, str))
    return next(guide for guide in named if guide.name == client)
