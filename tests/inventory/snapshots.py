"""What tools and simulator look like from outside, in files: `python -m tests.inventory.snapshots`.

With `--check` nothing is written, and the exit status says whether the files are current.
"""

import json
import sys
from pathlib import Path

from tests.inventory.request_counts import REQUESTS, REQUESTS_AGAIN
from tests.inventory.tools_page import tools_page
from tests.simulator.facts_page import facts_page
from tests.simulator.reference_page import reference_page
from tools_app.catalog import CATALOG
from tools_app.spec import ToolSpec

FOLDER = Path(__file__).parent / "snapshots"
DOCS = Path(__file__).parents[2] / "docs"


def snapshot_of(tool: ToolSpec) -> str:
    """Everything that a client and an operator see of a tool, as JSON for people."""
    seen = {
        "name": tool.name,
        "toolset": tool.toolset,
        "access": tool.access.value,
        "description": tool.description,
        "annotations": tool.annotations,
        "requests": REQUESTS[tool.name],
        **_with_names_remembered(tool.name),
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
    }
    return json.dumps(seen, indent=2, ensure_ascii=False) + "\n"


def _with_names_remembered(tool: str) -> dict[str, int]:
    again = REQUESTS_AGAIN.get(tool)
    return {} if again is None else {"requests_with_names_remembered": again}


def of_tools() -> dict[Path, str]:
    """The generated files about tools, and what belongs into each."""
    files = {FOLDER / f"{name}.json": snapshot_of(tool) for name, tool in CATALOG.items()}
    return {**files, DOCS / "tools.md": tools_page()}


def of_the_simulator() -> dict[Path, str]:
    """Those about the simulator; the facts are told by its tests, all of which are imported."""
    return {
        DOCS / "simulator-facts.md": facts_page(),
        DOCS / "simulator-reference.md": reference_page(),
    }


def stale(files: dict[Path, str]) -> list[Path]:
    """Those of the files that are missing or differ, and files of tools that are gone."""
    differing = [
        path for path, text in files.items() if not path.is_file() or path.read_text() != text
    ]
    return differing + [path for path in FOLDER.glob("*.json") if path not in files]


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only say which are stale."""
    files = {**of_tools(), **of_the_simulator()}
    found = stale(files)
    if "--check" in arguments:
        for path in found:
            print(f"{path.name} is not current: make snapshots")
        return 1 if found else 0
    for path in found:
        path.unlink(missing_ok=True)
        if path in files:
            path.write_text(files[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
