"""The coverage gates can fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.coverage_gates import FULL, hold, measuring

ROOT = Path(__file__).resolve().parent.parent
BRANCHES = [(1, 2), (1, 0)]


class Suites:
    """What made-up suites measured."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[Path] = []

    def measured(self, *missing: tuple[int, int], of: str = FULL[0]) -> None:
        """Have a suite run every line of every file, and all branches but these of one."""
        files = {name: self._file(missing if name == of else ()) for name in [*FULL, of]}
        self._write({"meta": {"software": "slipcover", "branch_coverage": True}, "files": files})

    def broke_off(self) -> None:
        """Have a suite measure nothing."""
        self._files.append(self._folder / "never-written.json")

    def hold(self) -> bool:
        """Whether the gates hold for all suites together."""
        return hold(self._files, to=self._folder / "whole.json")

    def _write(self, report: dict[str, Any]) -> None:
        self._files.append(self._folder / f"{len(self._files)}.json")
        self._files[-1].write_text(json.dumps(report))

    def _file(self, missing: tuple[tuple[int, int], ...]) -> dict[str, Any]:
        return {
            "executed_lines": [1, 2],
            "missing_lines": [],
            "executed_branches": [one for one in BRANCHES if one not in missing],
            "missing_branches": missing,
        }


@pytest.fixture
def suites(tmp_path: Path) -> Suites:
    made = Suites(tmp_path)
    made.measured()
    return made


def test_whole_files_pass(suites: Suites):
    suites.measured((1, 0))
    assert suites.hold()


def test_a_branch_that_no_suite_runs_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    suites = Suites(tmp_path)
    suites.measured((1, 0), of="mcp_app/dispatch.py")
    suites.measured((1, 0), of="mcp_app/dispatch.py")
    assert not suites.hold()
    assert "Not whole, as they must be: mcp_app/dispatch.py\n" in capfd.readouterr().out


def test_what_one_suite_leaves_another_may_run(tmp_path: Path):
    suites = Suites(tmp_path)
    suites.measured((1, 0))
    suites.measured((1, 2))
    assert suites.hold()


def test_too_little_in_all_fails(suites: Suites, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.coverage_gates.TOTAL", 99)
    suites.measured((1, 2), (1, 0), of="simulator/new.py")
    assert not suites.hold()


def test_a_suite_that_measured_nothing_fails(suites: Suites):
    suites.broke_off()
    assert not suites.hold()


def test_every_file_that_must_be_whole_is_there_and_measured():
    arguments = measuring(to=Path("covered.json"))
    packages = arguments[arguments.index("--source") + 1].split(",")
    assert [name for name in FULL if not (ROOT / name).is_file()] == []
    assert {name.partition("/")[0] for name in FULL} <= set(packages)
