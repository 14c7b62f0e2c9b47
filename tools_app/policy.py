"""Which tools a caller has. Every step only narrows: operator, then person, then credential.

The operator's settings come as a snapshot, so nothing here knows where they are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

from tools_app.catalog import CATALOG
from tools_app.identity import Caller
from tools_app.spec import ToolSpec

T = TypeVar("T")


class Reach(IntEnum):
    """How far a toolset may be used, from nothing on."""

    OFF = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True)
class ToolRule:
    """What an operator said of one tool: whether it exists, and calls a minute (None: no limit)."""

    is_on: bool = True
    calls_per_minute: int | None = None


@dataclass(frozen=True)
class PolicySnapshot:
    """The operator's settings at one moment.

    A rule under the group None is for everybody. A rule for a group takes its place for the
    members of that group; of several groups the most generous one counts.
    """

    read_only: bool = False
    toolsets: Mapping[str, Mapping[int | None, Reach]] = field(default_factory=dict)
    tools: Mapping[str, Mapping[int | None, ToolRule]] = field(default_factory=dict)
    members: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def groups_of(self, user_id: int) -> set[int]:
        """The groups with rules to which this person belongs."""
        return {group for group, people in self.members.items() if user_id in people}

    def reach(self, user_id: int, toolset: str) -> Reach:
        """How far this person may use a toolset."""
        return max(self._rules(self.toolsets.get(toolset, {}), user_id), default=Reach.WRITE)

    def is_on(self, user_id: int, tool: str) -> bool:
        """Whether this tool exists for this person."""
        rules = self._rules(self.tools.get(tool, {}), user_id)
        return any(rule.is_on for rule in rules) or not rules

    def calls_per_minute(self, user_id: int, tool: str) -> int | None:
        """How often this person may call this tool, or None where no limit of its own is set."""
        rules = self._rules(self.tools.get(tool, {}), user_id)
        limits = [rule.calls_per_minute for rule in rules if rule.is_on]
        return None if None in limits else max((n for n in limits if n is not None), default=None)

    def _rules(self, rules: Mapping[int | None, T], user_id: int) -> list[T]:
        own = [rules[group] for group in self.groups_of(user_id) if group in rules]
        return own or ([rules[None]] if None in rules else [])


def why_not(caller: Caller, tool: ToolSpec, snapshot: PolicySnapshot) -> str | None:
    """The sentence that says why `caller` does not have `tool`; None if they have it."""
    reach = snapshot.reach(caller.user_id, tool.toolset)
    for refused, sentence in (
        (snapshot.read_only and tool.access.writes, "This server is read-only."),
        (reach is Reach.OFF, f"The toolset {tool.toolset} is turned off for you."),
        (not snapshot.is_on(caller.user_id, tool.name), "This tool is turned off for you."),
        (
            reach is Reach.READ and tool.access.writes,
            f"The toolset {tool.toolset} is read-only for you.",
        ),
        (
            caller.toolsets is not None and tool.toolset not in caller.toolsets,
            f"This client was not granted the toolset {tool.toolset}.",
        ),
        (caller.access == "read" and tool.access.writes, "This client or token may only read."),
    ):
        if refused:
            return sentence
    return None


def allowed_tools(
    caller: Caller, snapshot: PolicySnapshot, *, tools: Iterable[ToolSpec] = tuple(CATALOG.values())
) -> list[ToolSpec]:
    """The tools that `caller` has, in the order of the catalogue."""
    return [tool for tool in tools if why_not(caller, tool, snapshot) is None]
