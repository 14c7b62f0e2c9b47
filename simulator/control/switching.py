"""All switches of a simulated instance, read and changed by name."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from simulator.oauth.switches import OAuthSwitches
from simulator.switches import Switches
from simulator.world import World

_DESCRIBED = re.compile(r"^`(\w+)`:? (.*?)(?=^`\w+`:? |\Z)", re.MULTILINE | re.DOTALL)


def described_switches() -> dict[str, str]:
    """What every switch does, from the docstrings of their classes."""
    return {
        name: " ".join(text.split())
        for kind in (Switches, OAuthSwitches)
        for name, text in _DESCRIBED.findall(inspect.getdoc(kind) or "")
    }


def present_switches(world: World) -> dict[str, Any]:
    """Every switch with its value."""
    return {**asdict(world.instance.switches), **asdict(world.switches)}


def change_switches(world: World, wanted: Mapping[str, Any]) -> None:
    """Set switches (known names) to values. Raises ValidationError; then none is changed."""
    present = present_switches(world)
    values = {
        name: TypeAdapter(type(present[name])).validate_python(value)
        for name, value in wanted.items()
    }
    for name, value in values.items():
        holder = world.switches if hasattr(world.switches, name) else world.instance.switches
        setattr(holder, name, value)
