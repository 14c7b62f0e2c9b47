"""What tools and simulator look like from outside, in files: `python -m tests.inventory.snapshots`.

With `--check` nothing is written, and the exit status says whether the files are current.
"""

import json
import sys
from pathlib import Path

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
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
    }
    return json.dumps(seen, indent=2, ensure_ascii=False) + "\n"


def current() -> dict[Path, str]:
    """Every generated file and what belongs into it."""
    files = {FOLDER / f"{name}.json": snapshot_of(tool) for name, tool in CATALOG.items()}
    pages = {
        DOCS / "tools.md": tools_page(),
        DOCS / "simulator-facts.md": facts_page(),
        DOCS / "simulator-reference.md": reference_page(),
    }
    return {**files, **pages}


def stale() -> list[Path]:
    """Files that are missing, differ, or belong to a tool that is gone."""
    files = current()
    differing = [
        path for path, text in files.items() if not path.is_file() or path.read_text() != text
    ]
    return differing + [path for path in FOLDER.glob("*.json") if path not in files]


def write() -> None:
    """Bring every file up to date."""
    for path in stale():
        path.unlink(missing_ok=True)
    for path, text in current().items():
        path.write_text(text)


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only say which are stale."""
    if "--check" not in arguments:
        write()
        return 0
    for path in stale():
        print(f"{path.name} is not current: make snapshots")
    return 1 if stale() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
