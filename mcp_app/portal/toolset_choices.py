"""The toolsets that a person can let a client use."""

from dataclasses import dataclass

from tools_app.catalog import CATALOG, TOOLSETS


@dataclass(frozen=True)
class ToolsetChoice:
    """One toolset, as the consent page shows it."""

    name: str
    title: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def toolset_choices() -> list[ToolsetChoice]:
    """Return every toolset with the titles of its tools, in the order of the catalogue."""
    return [
        ToolsetChoice(
            name=toolset.name,
            title=toolset.title,
            reads=_titles(toolset.name, writes=False),
            writes=_titles(toolset.name, writes=True),
        )
        for toolset in TOOLSETS.values()
    ]


def toolset_titles(names: list[str] | None) -> list[str]:
    """Return the titles of the named toolsets, of all for None; unknown names are left out."""
    return [
        toolset.title for toolset in TOOLSETS.values() if names is None or toolset.name in names
    ]


def _titles(toolset: str, *, writes: bool) -> tuple[str, ...]:
    return tuple(
        tool.title
        for tool in CATALOG.values()
        if tool.toolset == toolset and tool.access.writes is writes
    )
