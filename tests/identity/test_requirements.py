"""Every protection has a test, and every identity test names the protection it proves."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import tests.identity
from tests.identity.requirements import PROTECTIONS, protects

Tests = dict[str, Callable[..., Any]]


def modules() -> Iterator[ModuleType]:
    """The modules of this folder that hold tests, but this one."""
    for module in pkgutil.iter_modules(tests.identity.__path__):
        if module.name.startswith("test_") and module.name != "test_requirements":
            yield importlib.import_module(f"tests.identity.{module.name}")


def in_modules(*found: ModuleType) -> Tests:
    """The test functions of modules, and the methods of their test classes, by their names."""
    tests_found: Tests = {}
    for module in found:
        for name, member in inspect.getmembers(module, callable):
            if inspect.isclass(member) and name.startswith("Test"):
                methods = inspect.getmembers(member, callable)
                tests_found |= {f"{module.__name__}.{name}.{one}": test for one, test in methods}
            else:
                tests_found[f"{module.__name__}.{name}"] = member
    return {
        name: test
        for name, test in tests_found.items()
        if name.rpartition(".")[2].startswith("test_")
    }


def unnamed(found: Tests) -> list[str]:
    """The tests that name no protection."""
    return sorted(name for name, test in found.items() if not getattr(test, "proves", None))


def unproved(found: Tests) -> set[str]:
    """The protections that no test names."""
    return set(PROTECTIONS) - {
        one for test in found.values() for one in getattr(test, "proves", ())
    }


def test_every_identity_test_names_its_protection() -> None:
    found = in_modules(*modules())
    assert len(found) > 50
    assert unnamed(found) == []


def test_every_protection_has_a_test() -> None:
    assert unproved(in_modules(*modules())) == set()


def test_a_test_without_a_protection_and_a_protection_without_a_test_are_noticed() -> None:
    made_up = ModuleType("made_up")

    class TestInAClass:
        def test_of_a_class(self) -> None: ...

    made_up.TestInAClass = TestInAClass  # type: ignore[attr-defined]  # made for this test
    made_up.test_of_nothing = protects()(lambda: None)  # type: ignore[attr-defined]  # the same
    made_up.test_of_one = protects("P7")(lambda: None)  # type: ignore[attr-defined]  # the same
    found = in_modules(made_up)
    assert unnamed(found) == ["made_up.TestInAClass.test_of_a_class", "made_up.test_of_nothing"]
    assert unproved(found) == set(PROTECTIONS) - {"P7"}


def test_the_protections_are_numbered_and_each_is_one_sentence() -> None:
    assert list(PROTECTIONS) == [f"P{number}" for number in range(1, len(PROTECTIONS) + 1)]
    for sentence in PROTECTIONS.values():
        assert re.fullmatch(r"[A-Z][^.!?]+\.", sentence), sentence


def test_a_protection_that_is_not_listed_cannot_be_named() -> None:
    with pytest.raises(KeyError):
        protects("P99")
