"""Every protection has a test, and every identity test names the protection it proves."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tests.identity
from tests.identity.requirements import PROTECTIONS, protects


def identity_tests() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every test function of this folder but those of this file."""
    for module in pkgutil.iter_modules(tests.identity.__path__):
        if module.name.startswith("test_") and module.name != "test_requirements":
            found = importlib.import_module(f"tests.identity.{module.name}")
            for name, function in inspect.getmembers(found, callable):
                if name.startswith("test_"):
                    yield f"{module.name}.{name}", function


def test_every_identity_test_names_its_protection() -> None:
    unnamed = [name for name, test in identity_tests() if not hasattr(test, "proves")]
    assert unnamed == []


def test_every_protection_has_a_test() -> None:
    proved = {one for _, test in identity_tests() for one in getattr(test, "proves", ())}
    assert set(PROTECTIONS) - proved == set()


def test_a_protection_that_is_not_listed_cannot_be_named() -> None:
    with pytest.raises(KeyError):
        protects("P99")
