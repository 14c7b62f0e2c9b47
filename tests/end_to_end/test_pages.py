"""The pages in a real browser, as a person uses them; a blocked script or style fails the test."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from snmcp_project.demo.site import OPERATOR, DemoSite
from tests.support.at_servicenow import enter, enter_password
from tests.support.browser_client import DONE, BrowserClient, listening
from tests.support.chromium import ARGUMENTS, find_chromium

Register = Callable[[str], BrowserClient]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program, environment = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, env=dict(environment)
        )
        yield browser
        browser.close()


@pytest.fixture
def profile(chromium: Browser, site: DemoSite) -> Iterator[BrowserContext]:
    """A fresh profile; no page may ask for anything that our policies block."""
    context = chromium.new_context(base_url=site.address, viewport={"width": 1000, "height": 900})
    blocked: list[str] = []
    context.on(
        "console",
        lambda message: (
            blocked.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield context
    context.close()
    assert blocked == []


@pytest.fixture
def page(profile: BrowserContext) -> Page:
    return profile.new_page()


def sign_in(page: Page, user_name: str = "abel.tuter") -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in with ServiceNow").click()
    enter(page, user_name)
    expect(page.get_by_role("heading", name="My connection")).to_be_visible()


@pytest.fixture
def register(site: DemoSite) -> Iterator[Register]:
    """Registers an MCP client of a name, which listens for its code."""
    with listening() as redirect_uri:
        yield lambda name: BrowserClient.registered(site, name, redirect_uri)


def ask(
    site: DemoSite, method: str, *, token: str = "", url: str = "", **params: object
) -> httpx.Response:
    """Send one MCP request, with a token in the header or in the address, or with none."""
    headers = {"Accept": "application/json, text/event-stream"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return httpx.post(url or f"{site.address}/mcp", json=body, headers=headers)


def tools_of(site: DemoSite, token: str) -> set[str]:
    return {tool["name"] for tool in ask(site, "tools/list", token=token).json()["result"]["tools"]}


def status_of(site: DemoSite, *, token: str = "", url: str = "") -> int:
    return ask(site, "tools/list", token=token, url=url).status_code


def test_a_person_signs_in_and_sees_the_address_for_the_client(page: Page, site: DemoSite) -> None:
    sign_in(page)
    expect(page.get_by_text("Abel Tuter on")).to_be_visible()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{site.address}/mcp", exact=True).first).to_be_visible()


def test_saying_no_at_servicenow_shows_what_happened_and_signs_nobody_in(page: Page) -> None:
    page.goto("/oauth/authorize")
    enter_password(page, "abel.tuter")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("ACCESS_DENIED")).to_be_visible()
    page.goto("/connection")
    assert "/connection" not in urlsplit(page.url).path


def test_a_client_that_is_allowed_everything_gets_every_tool(
    page: Page, site: DemoSite, register: Register
) -> None:
    client = register("Everything client")
    page.goto(client.authorization_url)
    enter(page, "abel.tuter")
    expect(page.get_by_role("heading", name="Everything client")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    assert "create_incident" in tools_of(site, client.token(page.url))


def test_read_only_takes_away_every_tool_that_writes(
    page: Page, site: DemoSite, register: Register
) -> None:
    client = register("Careful client")
    page.goto(client.authorization_url)
    enter(page, "abel.tuter")
    page.get_by_label("Read only").check()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    tools = tools_of(site, client.token(page.url))
    assert "search_incidents" in tools
    assert {
        "create_incident",
        "update_incident",
        "resolve_incident",
        "add_work_note",
    } & tools == set()


def test_denying_a_client_sends_it_away_without_a_code(
    page: Page, site: DemoSite, register: Register
) -> None:
    client = register("Unwanted client")
    page.goto(client.authorization_url)
    enter(page, "abel.tuter")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    answer = parse_qs(urlsplit(page.url).query)
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == ["the-clients-state"]
    assert answer["iss"] == [site.address]
    assert "code" not in answer


def test_consent_is_asked_for_every_time(page: Page, register: Register) -> None:
    client = register("Asking client")
    page.goto(client.authorization_url)
    enter(page, "abel.tuter")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    page.goto(client.authorization_url)
    expect(page.get_by_role("heading", name="Asking client")).to_be_visible()


def test_a_disconnected_client_stops_at_once(
    page: Page, site: DemoSite, register: Register
) -> None:
    client = register("Short-lived client")
    page.goto(client.authorization_url)
    enter(page, "beth.anglin")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    token = client.token(page.url)
    assert status_of(site, token=token) == 200
    page.goto("/connection/clients")
    page.get_by_role("button", name="Disconnect Short-lived client").click()
    expect(page.get_by_text("Short-lived client")).not_to_be_visible()
    assert status_of(site, token=token) == 401


def test_a_reconnect_token_is_shown_once_works_and_dies_when_revoked(
    page: Page, site: DemoSite
) -> None:
    sign_in(page)
    page.goto("/connection/tokens")
    page.get_by_label("Name").fill("My script")
    page.get_by_role("button", name="Make token").click()
    made = page.locator("section[aria-labelledby=made] code")
    token, personal_url = made.first.inner_text(), made.last.inner_text()
    assert token.startswith("snmcp_")
    assert personal_url == f"{site.address}/mcp?token={token}"
    assert status_of(site, token=token) == 200
    assert status_of(site, url=personal_url) == 200
    assert "create_incident" not in tools_of(site, token)
    page.goto("/connection/tokens")
    assert token not in page.content()
    page.get_by_role("button", name="Revoke My script").click()
    expect(page.get_by_text("My script")).not_to_be_visible()
    assert status_of(site, token=token) == 401
    assert status_of(site, url=personal_url) == 401
    for log in (site.directory / "logs").glob("*.log"):
        assert token not in log.read_text(errors="replace")


def test_disconnecting_ends_what_the_clients_hold(
    page: Page, site: DemoSite, register: Register
) -> None:
    client = register("Left client")
    page.goto(client.authorization_url)
    enter(page, "fred.luddy")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(DONE)).to_be_visible()
    token = client.token(page.url)
    page.goto("/connection")
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert status_of(site, token=token) == 401


def test_an_operator_finds_who_changed_a_record(page: Page, site: DemoSite) -> None:
    sign_in(page)
    page.goto("/connection/tokens")
    page.get_by_label("Name").fill("For the audit")
    page.get_by_label("Read and write").check()
    page.get_by_role("button", name="Make token").click()
    token = page.locator("section[aria-labelledby=made] code").first.inner_text()
    note = {"record": "INC0010001", "note": "Seen by the operator"}
    noted = ask(site, "tools/call", token=token, name="add_work_note", arguments=note)
    assert "INC0010001" in noted.text
    page.goto("/admin/")
    page.get_by_label("Username").fill(OPERATOR)
    page.get_by_label("Password").fill(site.secrets.operator_password)
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/audit_app/toolcall/?q=INC0010001")
    row = page.get_by_role("row").filter(has_text="add_work_note").first
    expect(row).to_contain_text("abel.tuter")
    expect(row).to_contain_text("INC0010001")


def test_a_person_from_servicenow_is_no_operator(page: Page) -> None:
    sign_in(page, "charlie.whitherspoon")
    page.goto("/admin/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
