"""Clients whose access token has ended: they get a new one by themselves, and go on."""

from pathlib import Path

import pytest

from snmcp_project.demo.site import DemoSite
from tests.end_to_end.clients.every_client import EVERY_CLIENT
from tests.end_to_end.clients.stage import Person, Stage
from tests.end_to_end.site_database import (
    expire_access_tokens,
    has_live_access_token,
    sessions_of,
)

MOST_CALLS = 40


@pytest.mark.parametrize("name", ["typescript_auto", "typescript_legacy", "mcp_remote"])
async def test_a_client_renews_its_token_without_the_person_and_keeps_its_session(
    site: DemoSite, mcp: str, tmp_path: Path, name: str
) -> None:
    person = Person("nadia.okafor")
    stage = Stage(mcp, tmp_path, site.environment())
    async with EVERY_CLIENT[name].connect(stage, person) as call:
        await call("get_my_profile", {})
        sessions = sessions_of(person.user_name, site)
        expire_access_tokens(person.user_name, site)
        # A worker looks a token up again after a moment: until then the old one serves.
        for _ in range(MOST_CALLS):
            assert (await call("get_my_profile", {}))["user_name"] == person.user_name
            if has_live_access_token(person.user_name, site):
                break
        assert has_live_access_token(person.user_name, site)
        assert sessions_of(person.user_name, site) == sessions
    assert len(person.opened) == 1
