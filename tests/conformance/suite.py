"""The conformance suite's command line: how it is started, and what it found."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.node import CLIENTS, node_program

SUITE = CLIENTS / "node_modules/@modelcontextprotocol/conformance"
REVISIONS = ("2025-11-25", "2026-07-28")
# The suite has scenarios for these, and no score.
OLDER_REVISIONS = ("2025-03-26", "2025-06-18")

# The folder of one scenario's results ends with the moment it ran.
_RESULTS = re.compile(r"(?:authorization-)?server-(?P<scenario>.+)-\d{4}-\d\d-\d\dT[\d-]+Z")


@dataclass(frozen=True)
class Check:
    """One check of a scenario: a MUST that fails is a FAILURE, a SHOULD a WARNING."""

    scenario: str
    id: str
    status: str
    message: str = ""

    @property
    def fell_short(self) -> bool:
        """Whether the server was tried and did something else."""
        return self.status in {"FAILURE", "WARNING"}

    def __str__(self) -> str:
        return f"{self.scenario}:{self.id} {self.status} {self.message}"


@dataclass
class Run:
    """One process of the suite, and where it writes."""

    process: subprocess.Popen[str]
    output: Path

    @classmethod
    def of_revision(cls, url: str, revision: str, *, output: Path) -> "Run":
        """Start every scenario that a revision requires, and those it only reports.

        Of an older revision it is every scenario there is.
        """
        chosen = [f"--requirements={revision}"]
        if revision in OLDER_REVISIONS:
            chosen = ["--suite=all", f"--spec-version={revision}"]
        return cls.started("server", f"--url={url}", *chosen, output=output)

    @classmethod
    def started(cls, *arguments: str, output: Path) -> "Run":
        """Start the suite; results go to the folder `output`, what it prints into a file there."""
        output.mkdir(parents=True)
        command = [str(node_program()), str(SUITE / "dist/index.js"), *arguments]
        with (output / "printed.log").open("w") as printed:
            process = subprocess.Popen(
                [*command, "--output-dir", str(output)],
                stdout=printed,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return cls(process, output)

    def printed(self) -> str:
        """All that it has printed until now."""
        return (self.output / "printed.log").read_text(encoding="utf-8")

    def checks(self) -> list[Check]:
        """Wait for its end and return every check."""
        self.process.wait()
        return list(_checks_in(self.output))


def scored_scenarios(revision: str) -> set[str]:
    """The scenarios a server must pass to conform to a revision, by the suite's own list."""
    required = (SUITE / "requirements" / f"{revision}.yaml").read_text(encoding="utf-8")
    _, _, after = required.partition("\nserver:\n")
    listed, _, _ = after.partition("\n\n")
    return set(re.findall(r"^  - (\S+)$", listed, re.MULTILINE))


def _checks_in(output: Path) -> Iterator[Check]:
    for file in sorted(output.glob("*/checks.json")):
        named = _RESULTS.fullmatch(file.parent.name)
        assert named, f"A folder of results with an unknown name: {file.parent.name}"
        for check in json.loads(file.read_text(encoding="utf-8")):
            message = check.get("errorMessage") or ""
            yield Check(named["scenario"], check["id"], check["status"], message)
