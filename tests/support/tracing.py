"""Coverage's tracer, paused where it would only see once more what it has seen.

Tracing makes Python code two to three times slower, and a fixture of one test does the same as of
the next: an instance of the simulator is made three thousand times.
"""

import sys
from collections.abc import Generator

import pytest


class FirstTimeOnly:
    """A plugin: what a fixture does is traced the first time, for each of its parameters.

    Only this thread's tracer pauses; where nothing is measured nothing happens.
    """

    def __init__(self) -> None:
        self._traced: set[tuple[pytest.FixtureDef[object], int]] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Set a fixture up with the tracer or, from the second time on, without."""
        this = (fixturedef, getattr(request, "param_index", 0))
        tracer = sys.gettrace()
        if tracer is None or this not in self._traced:
            if tracer is not None:
                self._traced.add(this)
            return (yield)
        sys.settrace(None)
        try:
            return (yield)
        finally:
            sys.settrace(tracer)
