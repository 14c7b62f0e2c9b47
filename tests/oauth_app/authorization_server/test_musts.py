"""Every demand of the specifications has the negative test that bears its name."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import tests.mcp_app
import tests.oauth_app.authorization_server
from tests.oauth_app.authorization_server.musts import REVISIONS, Must, guards
from tests.oauth_app.authorization_server.musts_of_authorization import AUTHORIZATION_MUSTS
from tests.oauth_app.authorization_server.musts_of_clients import CLIENT_MUSTS
from tests.oauth_app.authorization_server.musts_of_service_principals import SERVICE_MUSTS
from tests.oauth_app.authorization_server.musts_of_tokens import TOKEN_MUSTS

LISTS = [AUTHORIZATION_MUSTS, TOKEN_MUSTS, CLIENT_MUSTS, SERVICE_MUSTS]
MUSTS = {name: must for musts in LISTS for name, must in musts.items()}


def guarded() -> Iterator[tuple[str, Must]]:
    """The name and the demand of every test that guards one."""
    for package in (tests.oauth_app.authorization_server, tests.mcp_app):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name.startswith("test_"):
                found = importlib.import_module(f"{package.__name__}.{module.name}")
                for name, test in inspect.getmembers(found, inspect.isfunction):
                    if hasattr(test, "guarded") and test.__module__ == found.__name__:
                        yield name.removeprefix("test_"), test.guarded


def test_every_must_has_the_test_of_its_name() -> None:
    assert set(MUSTS) - {name for name, _ in guarded()} == set()


def test_no_must_is_listed_or_guarded_twice() -> None:
    names = [name for name, _ in guarded()]
    assert sorted(names) == sorted(set(names))
    assert len(MUSTS) == sum(len(musts) for musts in LISTS)


def test_every_must_says_where_it_stands_and_what_it_demands() -> None:
    for name, must in MUSTS.items():
        assert must.source, name
        assert must.demand.endswith("."), name


def test_there_are_sixty_musts_and_each_revision_adds_its_own() -> None:
    assert len(MUSTS) >= 60
    assert {must.since for must in MUSTS.values()} == set(REVISIONS)


def test_a_test_named_after_no_must_guards_nothing() -> None:
    with pytest.raises(KeyError):
        guards(MUSTS)(test_a_test_named_after_no_must_guards_nothing)


def test_a_must_of_an_unknown_revision_cannot_be_listed() -> None:
    with pytest.raises(ValueError, match="2024-11-05"):
        Must("RFC 6749", "2024-11-05", "A demand.")
