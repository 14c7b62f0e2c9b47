"""No test that needs servers is overlooked by every suite."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.suites import MARKER, ROOT, places_with_servers

MARKED_ELSEWHERE = """\
from tests.support.suites import MARKER
import pytest

@getattr(pytest.mark, MARKER)
def test_that_needs_servers() -> None: ...
"""
FOLDER_MARKED = f'''\
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker("{MARKER}")
'''


@pytest.mark.timeout(60)  # pytest once more, in a process of its own
def test_a_marked_test_that_no_suite_would_find_fails_the_collection(tmp_path: Path) -> None:
    overlooked, found = tmp_path / "test_one.py", tmp_path / "found" / "test_two.py"
    found.parent.mkdir()
    (found.parent / "conftest.py").write_text(FOLDER_MARKED)
    for place in (overlooked, found):
        place.write_text(MARKED_ELSEWHERE)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    options = ["-c", str(ROOT / "pyproject.toml"), "--collect-only", "-m", f"not {MARKER}"]
    ended = subprocess.run(
        [*command, *options, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == pytest.ExitCode.INTERNAL_ERROR
    assert f"marked {MARKER} in {overlooked}:" in ended.stdout


def test_what_has_a_suite_of_its_own_runs_in_no_other() -> None:
    places = places_with_servers()
    assert {"tests/two_workers", "tests/mcp_app/test_serving.py"} <= set(places)
    assert not {"tests/end_to_end", "tests/conformance/test_scenarios.py"} & set(places)
    assert "tests" not in places
