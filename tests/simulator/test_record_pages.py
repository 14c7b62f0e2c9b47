"""The start page and the page of one incident, as each person may see them."""

import httpx
import pytest

from simulator.data.sys_ids import stable_sys_id
from simulator.world import World
from tests.simulator.flow import BASE
from tests.simulator.test_pages import signed_in

ABELS = f"/incident.do?sys_id={stable_sys_id('incident', 'INC0010001')}"
CHARLIES = f"/incident.do?sys_id={stable_sys_id('incident', 'INC0010002')}"


async def test_the_start_page_lists_ones_own_active_incidents_in_words(
    http: httpx.AsyncClient,
) -> None:
    page = (await signed_in(http, "abel.tuter")).page_text
    assert "Hello, Abel Tuter" in page
    assert "INC0010001" in page
    assert "In Progress" in page
    assert "2 - High" in page
    assert "INC0010002" not in page
    assert "INC0010008" not in page  # closed


async def test_an_incident_is_shown_in_words_with_its_journal(http: httpx.AsyncClient) -> None:
    browser = await signed_in(http, "abel.tuter")
    await browser.open(ABELS)
    for text in ("INC0010001", "Abel Tuter", "Email Administration", "Queue on mail-01 is stuck"):
        assert text in browser.page_text


async def test_charlie_does_not_see_abels_incident(http: httpx.AsyncClient) -> None:
    browser = await signed_in(http, "charlie.whitherspoon")
    await browser.open(ABELS)
    assert "Record not found" in browser.page_text
    assert "Email" not in browser.page_text


async def test_charlie_sees_his_own_without_its_work_notes(
    http: httpx.AsyncClient, world: World
) -> None:
    own = stable_sys_id("incident", "INC0010002")
    world.instance.update("incident", own, {"work_notes": "For colleagues only"})
    browser = await signed_in(http, "charlie.whitherspoon")
    await browser.open(CHARLIES)
    assert "It is worse in the afternoon." in browser.page_text
    assert "For colleagues only" not in browser.page_text


async def test_an_incident_without_a_journal_says_so(http: httpx.AsyncClient, world: World) -> None:
    sys_id = world.instance.insert("incident", {"number": "INC0099999"})
    browser = await signed_in(http, "admin")
    await browser.open(f"/incident.do?sys_id={sys_id}")
    assert "Nothing yet." in browser.page_text


@pytest.mark.parametrize("sys_id", ["", "unknown"])
async def test_an_unknown_incident_is_said_to_be_missing(
    http: httpx.AsyncClient, sys_id: str
) -> None:
    browser = await signed_in(http, "abel.tuter")
    await browser.open(f"/incident.do?sys_id={sys_id}")
    assert "Record not found" in browser.page_text


async def test_whoever_is_not_signed_in_is_led_back_after_the_sign_in(
    http: httpx.AsyncClient,
) -> None:
    browser = await signed_in(http, "abel.tuter")
    await browser.open("/logout.do")
    await browser.open(ABELS)
    assert "/login.do" in browser.url
    await browser.submit({"user_name": "abel.tuter", "user_password": "demo"})
    assert browser.url == BASE + ABELS


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        (ABELS.removeprefix("/"), ABELS),
        ("https://evil.example", "/https://evil.example"),
        ("//evil.example", "/evil.example"),
        ("\\evil.example", "/"),
        ("", "/"),
    ],
)
async def test_the_framed_address_stays_on_the_instance(
    http: httpx.AsyncClient, uri: str, target: str
) -> None:
    response = await http.get("/nav_to.do", params={"uri": uri})
    assert response.headers["location"] == target


@pytest.mark.parametrize("path", ["/simulator.svg", "/favicon.ico"])
async def test_the_icon_is_served(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path)
    assert response.headers["content-type"].startswith("image/svg+xml")
