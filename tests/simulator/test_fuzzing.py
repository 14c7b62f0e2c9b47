"""Whatever arrives, no route answers 5xx, and what it refuses it refuses in words."""

import asyncio
import json
import os
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from simulator.app import create_app
from simulator.oauth.clients import OAuthClient
from tests.simulator.fuzzing import Asked, Vocabulary, answered, requests

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
# More of them by hand: FUZZ_EXAMPLES=2000 pytest tests/simulator/test_fuzzing.py
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
PEOPLE = ("admin", "beth.anglin", "charlie.whitherspoon", "")
# What these do is to fail, to wait or to start everything anew.
LEFT_OUT = ("/simulator/",)


@cache
def target() -> tuple[Starlette, Vocabulary, dict[str, str]]:
    """One application for all of them, what is in it, and an access token of each person."""
    app = create_app(clock=lambda: NOW)
    world = app.state.world
    tokens = {"": ""}
    for name in filter(None, PEOPLE):
        person = world.instance.find_user(name)
        granted = world.credentials.grant(OAuthClient(), user=person["sys_id"], scope="useraccount")
        tokens[name] = granted.access.token
    return app, Vocabulary.of(world.instance), tokens


def routes() -> list[tuple[str, frozenset[str]]]:
    """Every address of the instance, with its methods; each once."""
    found: dict[str, frozenset[str]] = {}
    for route in target()[0].routes:
        if isinstance(route, Route) and not route.path.startswith(LEFT_OUT):
            methods = frozenset(route.methods or {"GET"}) | found.get(route.path, frozenset())
            found[route.path] = methods
    return sorted(found.items())


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("template", "methods"), routes(), ids=[path for path, _ in routes()])
def test_no_request_is_answered_5xx(template: str, methods: frozenset[str]) -> None:
    app, words, tokens = target()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(asked=requests(words, template, sorted(methods)), who=st.sampled_from(PEOPLE))
    def holds(asked: Asked, who: str) -> None:
        answer = asyncio.run(answered(app, asked, bearer=tokens[who]))
        assert answer.status < 500, answer.body
        if asked.path.startswith("/api/") and answer.status >= 400 and answer.body:
            assert_is_told(answer.body, answer.headers.get("content-type", ""))

    holds()


def assert_is_told(body: bytes, kind: str) -> None:
    """A refusal of an API is ServiceNow's envelope, or a page of the server in front of it."""
    if kind.startswith(("text/html", "application/xml")):
        return
    told = json.loads(body)
    assert told["status"] == "failure"
    assert told["error"]["message"]


def test_it_covers_what_there_is() -> None:
    covered = {template for template, _ in routes()}
    assert {"/api/now/table/{table}", "/oauth_token.do", "/login.do"} <= covered
    assert len(covered) >= 20
