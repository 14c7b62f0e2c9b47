"""`docs/simulator-reference.md`: the tables, REST APIs and switches that the simulator has."""

import json
from collections import defaultdict

from simulator.api.routes import routes
from simulator.areas.every import AREAS
from simulator.control.faults import FaultKind
from simulator.control.switching import described_switches
from simulator.instance import Instance
from simulator.oauth.switches import OAuthSwitches
from simulator.switches import Switches

_OPENING = """# The simulator: reference

Written by `make snapshots` from the simulator itself. How to run and use it is on
[its own page](simulator.md).
"""


def reference_page() -> str:
    """The page."""
    return _OPENING + _apis() + _tables() + _switches() + _faults()


def _apis() -> str:
    instance = Instance()
    try:
        paths = sorted({route.path for route in routes(instance)} - {"/api/{path:whole_path}"})
    finally:
        instance.close()
    return "\n## REST APIs\n\n" + "".join(f"- `{path}`\n" for path in paths)


def _tables() -> str:
    sections = []
    for area in AREAS:
        plugin = f" (plugin `{area.plugin}`)" if area.plugin else ""
        lines = "".join(
            f"| `{table.name}` | {table.label} | {f'`{table.extends}`' if table.extends else ''} |"
            f" {len(table.fields)} |\n"
            for table in sorted(area.tables, key=lambda one: one.name)
        )
        title = area.name.replace("_", " ").capitalize()
        sections.append(
            f"\n### {title}{plugin}\n\n| table | label | extends | own fields |\n"
            f"| --- | --- | --- | --- |\n{lines}"
            if lines
            else ""
        )
    total = sum(len(area.tables) for area in AREAS)
    return f"\n## Tables\n\n{total} tables, and those that somebody adds.\n" + "".join(sections)


def _switches() -> str:
    values: dict[str, object] = defaultdict(str, {**vars(Switches()), **vars(OAuthSwitches())})
    lines = "".join(
        f"| `{name}` | `{_shown(values[name])}` | {text} |\n"
        for name, text in sorted(described_switches().items())
    )
    return f"\n## Switches\n\n| switch | at first | meaning |\n| --- | --- | --- |\n{lines}"


def _shown(value: object) -> str:
    """A value as JSON writes it to the admin API."""
    return json.dumps(value)


def _faults() -> str:
    return "\n## Kinds of fault\n\n" + ", ".join(f"`{kind.value}`" for kind in FaultKind) + "\n"
