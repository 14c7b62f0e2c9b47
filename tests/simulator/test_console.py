"""The console: who may open it, what it shows, and that its forms do what they say."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette

from simulator.app import create_app
from simulator.console.gate import COOKIE
from simulator.console.routes import ROUTES
from simulator.world import World
from tests.simulator.conftest import NOW
from tests.simulator.flow import bearer, current_user, tokens_of, without_cookies

HERE = "http://localhost:8090"
CONSOLE = "/simulator/console"
FROM_HERE = {"Host": "localhost:8090", "Origin": HERE}


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at this machine."""
    async with without_cookies(app) as client:
        client.base_url = httpx.URL(HERE)
        yield client


async def page(browser: httpx.AsyncClient, path: str = "", /, **parameters: str) -> str:
    response = await browser.get(f"{CONSOLE}{path}", params=parameters)
    assert response.status_code == 200, response.text
    return unescape(re.sub(r"<[^>]+>", " ", response.text))


async def post(browser: httpx.AsyncClient, path: str, /, **values: str) -> str:
    """The sentence of the page a form leads to."""
    response = await browser.post(f"{CONSOLE}{path}", data=values, headers={"Origin": HERE})
    assert response.status_code == 303, response.text
    shown = await browser.get(response.headers["location"])
    assert shown.status_code == 200
    return unescape(re.findall(r'role="status">([^<]*)<', shown.text)[0])


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if "GET" in (route.methods or ())], ids=lambda r: r.path
)
async def test_every_page_opens(browser: httpx.AsyncClient, world: World, route: object) -> None:
    await tokens_of(browser)
    incident = world.instance.query("incident", limit=1)[0]["sys_id"]
    path = str(getattr(route, "path", "")).removeprefix(CONSOLE)
    for name, value in {"{id:int}": "1", "{table}": "incident", "{sys_id}": incident}.items():
        path = path.replace(name, value)
    assert "Console" in await page(browser, path)


async def test_the_requests_of_a_client_are_there_with_who_acted(
    browser: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(browser)
    asked = "/api/now/table/incident?sysparm_query=numberSTARTSWITHINC&sysparm_limit=1"
    await browser.get(asked, headers=bearer(tokens))
    shown = await page(browser, "/requests", path="/api", user="abel.tuter", method="get")
    assert "sysparm_query=numberSTARTSWITHINC" in shown
    assert "abel.tuter" in shown
    assert "bearer" in shown
    assert "No request yet" in await page(browser, "/requests", user="beth.anglin")
    number = re.findall(r"#(\d+)", shown)[0]
    whole = await page(browser, f"/requests/{number}")
    assert "numberSTARTSWITHINC" in whole
    assert tokens["access_token"] not in whole


async def test_older_requests_are_a_page_further(browser: httpx.AsyncClient) -> None:
    for number in range(105):
        await browser.get(f"/api/now/table/none{number}")
    newest = await browser.get(f"{CONSOLE}/requests")
    assert "none104" in newest.text
    assert "none4<" not in newest.text
    older = re.findall(r'href="([^"]*before=[^"]*)"', newest.text)[0]
    assert "none4<" in (await browser.get(unescape(older))).text


async def test_the_journal_can_be_emptied(browser: httpx.AsyncClient, world: World) -> None:
    await browser.get("/api/now/table/incident")
    assert await post(browser, "/requests/clear") == "The journal is empty."
    assert len(world.journal) == 0


async def test_a_request_that_is_gone_is_404(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(f"{CONSOLE}/requests/999")).status_code == 404


async def test_any_table_can_be_searched_and_a_record_opened(browser: httpx.AsyncClient) -> None:
    assert "sys_user_grmember" in await page(browser, "/records", name="grmember")
    found = await browser.get(f"{CONSOLE}/records/incident?query=number=INC0010001")
    assert "1 records" in found.text
    record = re.findall(r'href="([^"]*/records/incident/[^"]*)"', found.text)[0]
    shown = (await browser.get(record)).text
    assert "INC0010001" in shown
    assert "(caller_id)" in shown


async def test_a_list_begins_with_what_tells_records_apart(browser: httpx.AsyncClient) -> None:
    shown = await browser.get(f"{CONSOLE}/records/sc_cat_item")
    headings = re.findall(r'<th scope="col">([^<]*)</th>', shown.text)
    assert headings[:2] == ["", "Name"]
    assert "Created by" not in headings


async def test_records_come_in_pages(browser: httpx.AsyncClient) -> None:
    first = await browser.get(f"{CONSOLE}/records/incident")
    assert "Previous" not in first.text
    further = unescape(re.findall(r'href="([^"]*offset=25)"', first.text)[0])
    assert "Previous" in (await browser.get(further)).text


@pytest.mark.parametrize(
    "path", ["/records/nothing", "/records/incident/nothing", "/records/nothing/nothing"]
)
async def test_what_is_not_there_is_404(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"{CONSOLE}{path}")).status_code == 404


async def test_a_password_is_never_shown(browser: httpx.AsyncClient, world: World) -> None:
    person = world.instance.find_user("abel.tuter") or {}
    shown = (await browser.get(f"{CONSOLE}/records/sys_user/{person['sys_id']}")).text
    assert person["user_password"] not in shown
    assert "********" in shown


async def test_what_a_client_wrote_is_shown_as_text(
    browser: httpx.AsyncClient, world: World
) -> None:
    sys_id = world.instance.insert("incident", {"short_description": "<script>alert(1)</script>"})
    shown = (await browser.get(f"{CONSOLE}/records/incident/{sys_id}")).text
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


async def test_somebody_can_be_locked_out_and_let_in_again(
    browser: httpx.AsyncClient, world: World
) -> None:
    tokens = await tokens_of(browser)
    locked = {"user_name": "abel.tuter", "field": "locked_out"}
    assert await post(browser, "/people", **locked, value="true") == "Done."
    assert (await current_user(browser, headers=bearer(tokens))).status_code == 401
    assert "locked out" in await page(browser, "/people", name="abel")
    await post(browser, "/people", **locked, value="false")
    assert (await current_user(browser, headers=bearer(tokens))).status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"user_name": "nobody", "field": "active", "value": "true"},
        {"user_name": "abel.tuter", "field": "user_password", "value": "true"},
        {"user_name": "abel.tuter", "field": "active", "value": "perhaps"},
        {},
    ],
)
async def test_a_change_of_a_person_that_makes_no_sense_is_refused(
    browser: httpx.AsyncClient, values: dict[str, str]
) -> None:
    assert "nothing was changed" in await post(browser, "/people", **values)


async def test_tokens_are_listed_without_being_shown_and_can_be_expired(
    browser: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(browser)
    shown = await page(browser, "/tokens")
    assert "abel.tuter" in shown
    assert tokens["access_token"] not in shown
    await post(browser, "/tokens", user="", client_id="", type="access")
    assert (await current_user(browser, headers=bearer(tokens))).status_code == 401


async def test_a_fault_can_be_added_and_taken_back(browser: httpx.AsyncClient) -> None:
    values = {"kind": "503", "path": "/api/*", "count": "for ever", "skip": "0", "seed": "1"}
    said = await post(
        browser, "/faults", **values, probability="1", seconds="0", distribution="fixed"
    )
    assert said == "Done."
    assert (await browser.get("/api/now/table/incident")).status_code == 401
    headers = bearer(await tokens_of(browser))
    assert (await browser.get("/api/now/table/incident", headers=headers)).status_code == 503
    assert "for ever" in await page(browser, "/faults")
    assert await post(browser, "/faults/1/remove") == "Done."
    assert (await browser.get("/api/now/table/incident", headers=headers)).status_code == 200
    assert "nothing was changed" in await post(browser, "/faults/1/remove")


async def test_all_faults_can_be_taken_back_and_what_is_held_released(
    browser: httpx.AsyncClient, world: World
) -> None:
    await post(browser, "/faults", kind="hold", count="1", distribution="fixed")
    assert not world.faults.released.is_set()
    await post(browser, "/faults/release")
    assert world.faults.released.is_set()
    await post(browser, "/faults/clear")
    assert list(world.faults) == []


@pytest.mark.parametrize("values", [{}, {"kind": "unknown"}, {"kind": "503", "count": "many"}])
async def test_a_fault_that_is_not_understood_is_not_added(
    browser: httpx.AsyncClient, world: World, values: dict[str, str]
) -> None:
    assert "nothing was changed" in await post(browser, "/faults", **values)
    assert list(world.faults) == []


async def test_switches_are_explained_and_turned(browser: httpx.AsyncClient, world: World) -> None:
    shown = await page(browser, "/switches")
    assert "a refresh gives a new refresh token and ends the old one" in shown
    await post(browser, "/switches", name="rotate_refresh", value="true")
    await post(browser, "/switches", name="refresh_latency", value="0.5")
    await post(browser, "/switches", name="absent_plugins", value="one,two")
    assert world.switches.rotate_refresh is True
    assert world.switches.refresh_latency == 0.5
    assert world.instance.switches.absent_plugins == ("one", "two")


@pytest.mark.parametrize(
    "values", [{"name": "unknown"}, {"name": "refresh_latency", "value": "long"}]
)
async def test_a_switch_that_is_not_understood_stays(
    browser: httpx.AsyncClient, values: dict[str, str]
) -> None:
    assert "nothing was changed" in await post(browser, "/switches", **values)


async def test_every_switch_is_explained(browser: httpx.AsyncClient, world: World) -> None:
    shown = (await browser.get(f"{CONSOLE}/switches")).text
    assert re.findall(r"<td><code>(\w+)</code></td><td></td>", shown) == []


async def test_the_clock_is_moved_and_stopped(browser: httpx.AsyncClient, world: World) -> None:
    await post(browser, "/clock", seconds="1800")
    assert (world.clock() - NOW).total_seconds() == 1800
    await post(browser, "/clock", stopped="true")
    assert "it is stopped" in await page(browser, "/clock")
    await post(browser, "/clock", to="2030-01-01T00:00:00Z")
    assert world.clock().year == 2030
    assert "nothing was changed" in await post(browser, "/clock", to="tomorrow")
    assert "nothing was changed" in await post(browser, "/clock", seconds="1e18")


async def test_the_demo_data_come_back(browser: httpx.AsyncClient, world: World) -> None:
    world.instance.insert("incident", {"short_description": "Made by hand"})
    assert "as they were at first" in await post(browser, "/reset")
    assert world.instance.count("incident", "short_description=Made by hand") == 0


async def test_another_name_for_this_machine_does_not_open_it(browser: httpx.AsyncClient) -> None:
    response = await browser.get(CONSOLE, headers={"Host": "rebound.example"})
    assert response.status_code == 403
    assert "Latest requests" not in response.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8090", "[::1]:8090"])
async def test_every_name_of_this_machine_opens_it(browser: httpx.AsyncClient, host: str) -> None:
    assert (await browser.get(CONSOLE, headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:9999"])
async def test_no_other_page_can_do_anything(
    browser: httpx.AsyncClient, world: World, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    response = await browser.post(f"{CONSOLE}/clock", data={"seconds": "1800"}, headers=headers)
    assert response.status_code == 403
    assert world.clock() == NOW


async def test_it_cannot_be_shown_in_a_frame(browser: httpx.AsyncClient) -> None:
    policy = (await browser.get(CONSOLE)).headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("host", ["instance.example", "[", "localhost:8090"])
async def test_with_a_token_it_opens_for_whoever_shows_it(host: str) -> None:
    app = create_app(clock=lambda: NOW, admin_token="right")
    async with without_cookies(app) as http:
        headers = {"Host": host, "Origin": f"http://{host}"}
        closed = await http.get(CONSOLE, headers=headers)
        assert closed.headers["location"] == f"{CONSOLE}/sign-in"
        assert "Admin token" in (await http.get(f"{CONSOLE}/sign-in", headers=headers)).text
        wrong = await http.post(f"{CONSOLE}/sign-in", data={"token": "wrong"}, headers=headers)
        assert wrong.status_code == 403
        right = await http.post(f"{CONSOLE}/sign-in", data={"token": "right"}, headers=headers)
        assert "HttpOnly" in right.headers["set-cookie"]
        assert "SameSite=strict" in right.headers["set-cookie"]
        cookie = {"Cookie": right.headers["set-cookie"].partition(";")[0]}
        assert (await http.get(CONSOLE, headers=headers | cookie)).status_code == 200
        forged = {"Cookie": f"{COOKIE}=forged"}
        assert (await http.get(CONSOLE, headers=headers | forged)).status_code == 303
        broken = {"Cookie": "\x01=;;"}
        assert (await http.get(CONSOLE, headers=headers | broken)).status_code == 303
