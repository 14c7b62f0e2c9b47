"""Every real client from nothing to a tool call: registration, sign-in, consent, token, a record.

And on from there after the server was restarted, and after it was killed, without a new sign-in.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from snmcp_project.demo.person import PASSWORD
from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import DemoSite
from snmcp_project.demo.startup import start_server, wait_until_ready
from tests.end_to_end.clients.every_client import EVERY_CLIENT
from tests.end_to_end.clients.journeys import Journey, home_of, title_of, travel
from tests.end_to_end.clients.stage import Stage
from tests.end_to_end.site_database import calls_about, sessions_of

FROM_NOTHING, AFTER_A_RESTART, AFTER_A_KILL = range(3)
CLIENT = pytest.mark.parametrize("name", EVERY_CLIENT)


@dataclass(frozen=True)
class Travels:
    """All journeys, and whose sessions were open at each of the two interruptions."""

    journeys: Mapping[str, Journey]
    sessions: Sequence[Mapping[str, list[str]]]


@pytest.fixture(scope="module")
def travels(
    processes: tuple[DemoSite, Processes], tmp_path_factory: pytest.TempPathFactory
) -> Travels:
    """Every client's journey; they take place at the same time."""
    site, running = processes
    homes = tmp_path_factory.mktemp("homes")
    sessions = []

    def stage_of(name: str) -> Stage:
        mcp = f"{site.address}/mcp{EVERY_CLIENT[name].path}"
        return Stage(mcp, home_of(name, homes), site.environment())

    def interrupted(stop: Callable[[str], None]) -> None:
        people = {kind.user_name for kind in EVERY_CLIENT.values()}
        sessions.append({person: sessions_of(person, site) for person in people})
        stop("server")
        start_server(running)
        wait_until_ready(site.address, running)

    interruptions = [partial(interrupted, stop) for stop in (running.end, running.kill)]
    journeys = asyncio.run(travel(EVERY_CLIENT, stage_of, interruptions=interruptions))
    return Travels(journeys, sessions)


@pytest.fixture
def journeys(travels: Travels) -> Mapping[str, Journey]:
    return travels.journeys


def assert_recorded(journey: Journey, number: str, site: DemoSite, *, title: str) -> None:
    """ServiceNow and the audit log agree: this person wrote it, in this client's revision."""
    person = journey.kind.user_name
    found = httpx.get(
        f"{site.instance_address}/api/now/table/incident",
        params={
            "number": number,
            "sysparm_fields": "sys_created_by,caller_id.user_name,short_description",
        },
        auth=("admin", PASSWORD),
    )
    written = {
        "sys_created_by": person,
        "caller_id.user_name": person,
        "short_description": title,
    }
    assert found.json()["result"] == [written]
    assert calls_about(number, site) == [("create_incident", person, journey.kind.revision)]


@CLIENT
def test_a_client_comes_from_nothing_to_a_record_of_the_person_who_signed_in(
    journeys: Mapping[str, Journey], site: DemoSite, name: str
) -> None:
    number = journeys[name].number(FROM_NOTHING)
    assert_recorded(journeys[name], number, site, title=title_of(name))


@CLIENT
def test_a_client_goes_on_after_the_server_was_restarted_between_two_calls(
    journeys: Mapping[str, Journey], site: DemoSite, name: str
) -> None:
    number = journeys[name].number(AFTER_A_RESTART)
    assert_recorded(journeys[name], number, site, title=title_of(name))


@CLIENT
def test_a_client_goes_on_after_the_server_was_killed_between_two_calls(
    journeys: Mapping[str, Journey], site: DemoSite, name: str
) -> None:
    number = journeys[name].number(AFTER_A_KILL)
    assert_recorded(journeys[name], number, site, title=title_of(name))


@CLIENT
def test_nobody_is_asked_to_sign_in_twice(journeys: Mapping[str, Journey], name: str) -> None:
    assert journeys[name].failure is None
    assert len(journeys[name].person.opened) == 1


@pytest.mark.parametrize(
    "name", [name for name, kind in EVERY_CLIENT.items() if kind.keeps_session]
)
def test_a_session_outlives_the_server(travels: Travels, name: str) -> None:
    before_restart, before_kill = [
        sessions[EVERY_CLIENT[name].user_name] for sessions in travels.sessions
    ]
    assert before_restart
    assert before_kill == before_restart
    assert len(travels.journeys[name].numbers) == 3
