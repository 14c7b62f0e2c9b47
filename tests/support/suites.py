"""Which tests need processes that listen, and that each of them belongs to a suite.

The suite of real servers looks for the marker's word in test files and in what a folder's
`conftest.py` says of all of it, because to collect every test takes ten seconds. A test that got
the marker in another way would run nowhere, and nobody would notice.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MARKER = "real_servers"
# Real servers of a suite of their own, because they take long: each may run beside the others.
END_TO_END = "tests/end_to_end"
CONFORMANCE = "tests/conformance"
SUITES_OF_THEIR_OWN = (END_TO_END, CONFORMANCE)


class OverlookedTests(Exception):
    """Marked tests that no suite would run.

    No `pytest.UsageError`: what a worker of pytest-xdist says with that is shown nowhere.
    """


def places_with_servers() -> list[str]:
    """The folders and files of the suite of real servers, from the root of the repository."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts]
    places = [path for path in tests if path.name == "conftest.py" or path.match("test_*.py")]
    found = {
        path.parent if path.name == "conftest.py" else path for path in places if _says_so(path)
    }
    names = {str(path.relative_to(ROOT)) for path in found}
    return sorted(name for name in names if not name.startswith(SUITES_OF_THEIR_OWN))


def require_a_suite(items: Iterable[pytest.Item]) -> None:
    """Raise `OverlookedTests` with the files whose marked tests no suite would find."""
    files = {item.path for item in items if item.get_closest_marker(MARKER)}
    unfound = sorted(str(path) for path in files if not _is_found(path))
    if unfound:
        raise OverlookedTests(
            f"No suite of `make test` would run the tests marked {MARKER} in {', '.join(unfound)}: "
            f"write that word into the file itself, or into the conftest.py of its folder"
        )


def _is_found(path: Path) -> bool:
    if any((ROOT / folder) in path.parents for folder in SUITES_OF_THEIR_OWN):
        return True
    conftests = (folder / "conftest.py" for folder in path.parents)
    return _says_so(path) or any(_says_so(place) for place in conftests if place.is_file())


@cache
def _says_so(path: Path) -> bool:
    return MARKER in path.read_text(encoding="utf-8")
