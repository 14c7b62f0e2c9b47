"""Clients that asked for less than they need, and people who allow less than was asked for."""

from pathlib import Path

import pytest

from snmcp_project.demo.site import DemoSite
from tests.end_to_end.clients.every_client import SDK_CLIENTS
from tests.end_to_end.clients.stage import Person, Stage, ToolRefused, asking_for, scope_of

CLIENT = pytest.mark.parametrize("name", ["python_modern", "typescript_auto", "typescript_legacy"])
READ = "mcp:read"
INCIDENT = {"short_description": "For the client that asked for more"}


@pytest.fixture
def stage(site: DemoSite, mcp: str, tmp_path: Path) -> Stage:
    return Stage(mcp, tmp_path, site.environment())


class ModestPerson(Person):
    """Somebody whose client asks for reading first. What it asks for later, it asks by itself."""

    async def open(self, url: str, *, redirect_uri: str = "") -> str:
        asked = url if self.opened else asking_for(READ, url)
        return await super().open(asked, redirect_uri=redirect_uri)


@CLIENT
async def test_a_client_that_asked_for_reading_steps_up_by_itself_and_writes(
    stage: Stage, name: str
) -> None:
    person = ModestPerson("abel.tuter")
    async with SDK_CLIENTS[name](stage, person.open) as client:
        assert (await client.call("get_my_profile", {}))["user_name"] == person.user_name
        assert "create_incident" in await client.tool_names()
        assert len(person.opened) == 1
        created = await client.call("create_incident", INCIDENT)
    assert created["caller"]["name"] == "Abel Tuter"
    first, second = [set(scope_of(url).split()) for url in person.opened]
    assert (first, second) == ({READ}, {READ, "mcp:write"})


@CLIENT
async def test_where_the_person_chose_reading_only_nothing_writes_and_nobody_is_asked_again(
    stage: Stage, name: str
) -> None:
    person = Person("beth.anglin", choices={"read_only": "on"})
    async with SDK_CLIENTS[name](stage, person.open) as client:
        assert (await client.call("get_my_profile", {}))["user_name"] == person.user_name
        assert "create_incident" not in await client.tool_names()
        with pytest.raises(ToolRefused, match="NOT_ALLOWED"):
            await client.call("create_incident", INCIDENT)
    assert len(person.opened) == 1
