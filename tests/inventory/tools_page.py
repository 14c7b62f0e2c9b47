"""`docs/tools.md`, written from the definitions of the tools."""

import json
from collections.abc import Iterator
from typing import Any

from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.spec import Toolset, ToolSpec

INTRODUCTION = """\
# Tools

<!-- Written from the definitions by `make snapshots`; change those, not this page. -->

Every tool works in ServiceNow as the person who signed in, with that person's rights and nobody
else's: no argument says who is acting. Records are given by number, sys_id or a link copied from
the browser; people by user name, e-mail, full name or sys_id; groups and configuration items by
name or sys_id; choices by label or value, as the instance has them. Times take ISO 8601 with a
zone, or a date.

Answers leave out what is not known. `hidden_fields` names what ServiceNow withholds from the
person, `ignored` what was dropped because only the server or ServiceNow may set it, `not_applied`
what was sent but did not take. Lists go on with `offset` = `next_offset` until there is none.

An operator turns tools and toolsets on and off, for everybody or for a group, in the admin under
*Tools*, and sees on a person's page which of these they have; see
[operations](operations.md#which-tools-people-have).
"""


def tools_page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _overview()]
    parts += [_toolset(toolset) for toolset in TOOLSETS.values()]
    return "\n".join(parts)


def _overview() -> str:
    rows = [
        f"| [`{tool.name}`](#{tool.name}) | {TOOLSETS[tool.toolset].title} | {tool.access.value} |"
        for tool in CATALOG.values()
    ]
    return "\n".join(["| tool | toolset | access |", "| --- | --- | --- |", *rows, ""])


def _toolset(toolset: Toolset) -> str:
    parts = [f"## {toolset.title}\n", *(_tool(tool) for tool in toolset.tools.values())]
    return "\n".join(parts)


def _tool(tool: ToolSpec) -> str:
    lines = [
        f"### {tool.name}\n",
        f"**{tool.title}** · {tool.access.value}\n",
        tool.description,
        "",
    ]
    arguments = list(_arguments(tool))
    if arguments:
        lines += ["| argument | takes | default | |", "| --- | --- | --- | --- |", *arguments, ""]
    returned = ", ".join(f"`{name}`" for name in tool.output_schema["properties"])
    return "\n".join([*lines, f"Returns {returned}.", ""])


def _arguments(tool: ToolSpec) -> Iterator[str]:
    required = tool.input_schema.get("required", [])
    for name, part in tool.input_schema["properties"].items():
        shown = f"**`{name}`**" if name in required else f"`{name}`"
        default = f"`{json.dumps(part['default']).strip(chr(34))}`" if "default" in part else ""
        yield f"| {shown} | {_takes(part)} | {default} | {part['description']} |"


def _takes(part: dict[str, Any]) -> str:
    if "enum" in part:
        return " or ".join(f"`{value}`" for value in part["enum"])
    if "maximum" in part:
        return f"number, {part['minimum']} to {part['maximum']}"
    if "maxLength" in part:
        return f"text, up to {part['maxLength']}"
    return {"boolean": "true or false", "object": "map of text"}[part["type"]]
