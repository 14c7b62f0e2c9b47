"""The toolsets that a person can let a client use."""

from dataclasses import dataclass

from oauth_app.models import Connection
from tools_app.catalog import TOOLSETS
from tools_app.identity import Caller
from tools_app.policy import allowed_tools
from tools_app.settings_snapshot import read_snapshot


@dataclass(frozen=True)
class ToolsetChoice:
    """One toolset, as the consent page shows it."""

    name: str
    title: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    def within(self, access: str) -> "ToolsetChoice":
        """Return it without the tools that `access` leaves out."""
        writes = self.writes if access == "write" else ()
        return ToolsetChoice(self.name, self.title, self.reads, writes)


def toolset_choices(connection: Connection) -> list[ToolsetChoice]:
    """Return the toolsets this person may use now, with the titles of their tools.

    In the order of the catalogue. What the operator took from them is not theirs to give; read
    from the database, because what is allowed here lasts.
    """
    tools = allowed_tools(person_behind(connection), read_snapshot())
    return [
        ToolsetChoice(
            name=toolset.name,
            title=toolset.title,
            reads=tuple(tool.title for tool in theirs if not tool.access.writes),
            writes=tuple(tool.title for tool in theirs if tool.access.writes),
        )
        for toolset in TOOLSETS.values()
        if (theirs := [tool for tool in tools if tool.toolset == toolset.name])
    ]


def toolset_titles(names: list[str] | None) -> list[str]:
    """Return the titles of the named toolsets, of all for None; unknown names are left out."""
    return [
        toolset.title for toolset in TOOLSETS.values() if names is None or toolset.name in names
    ]


def person_behind(connection: Connection) -> Caller:
    """Return the person themselves, before any client narrows what they may do."""
    return Caller(
        user_id=connection.user_id,
        connection_id=connection.pk,
        instance_id=connection.instance_id,
        sys_id=connection.sys_id,
        user_name=connection.user_name,
        name=connection.name,
        instance_url=connection.instance.base_url,
        access="write",
        toolsets=None,
        credential="oauth",
        client_name="",
        sign_in_url="",
    )
