"""`python -m simulator`: what it takes, what it prints, and that it serves over a socket."""

import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from simulator.__main__ import announcement
from simulator.listening import is_loopback
from simulator.options import options
from tests.simulator.flow import BASE, answer, authorization_url, bearer, current_user, exchange
from tests.support.simulator_browser import sign_in_and_allow

Start = Callable[..., str]


def test_without_options_it_listens_on_loopback_at_8090(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMULATOR_ADMIN_TOKEN", raising=False)
    given = options([])
    assert (given.host, given.port, given.state, given.admin_token) == (
        "127.0.0.1",
        8090,
        None,
        None,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_these_addresses_are_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "simulator.example.com"])
def test_an_address_reached_from_outside_needs_an_admin_token(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMULATOR_ADMIN_TOKEN", raising=False)
    with pytest.raises(SystemExit):
        options(["--host", host])
    assert "--admin-token" in capsys.readouterr().err
    assert options(["--host", host, "--admin-token", "t"]).admin_token == "t"


def test_the_admin_token_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_ADMIN_TOKEN", "from-there")
    assert options(["--host", "0.0.0.0"]).admin_token == "from-there"


@pytest.mark.parametrize("arguments", [["--records", "0"], ["--records", "10", "--empty"]])
def test_records_are_a_positive_number_beside_the_demo_data(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        options(arguments)
    assert "--records needs a positive number" in capsys.readouterr().err


def test_it_prints_the_address_the_people_and_the_password_but_no_secret() -> None:
    given = options(["--host", "::1", "--client-secret", "hush", "--state", "x.sqlite3"])
    text = announcement(given, port=4711)
    assert "http://[::1]:4711" in text
    assert "abel.tuter" in text
    assert "demo" in text
    assert "x.sqlite3" in text
    assert "hush" not in text


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the command on a free port and returns its address; ends it afterwards."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> str:
        command = [sys.executable, "-m", "simulator", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        found = re.search(r"https?://\S+", process.stdout.readline())
        assert found is not None
        return found[0]

    yield started
    for process in running:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.real_servers
@pytest.mark.timeout(60)
async def test_it_serves_sign_in_tokens_and_records_and_keeps_them(
    start: Start, tmp_path: Path
) -> None:
    state = str(tmp_path / "state.sqlite3")
    base = start("--state", state, "--client-id", "mine", "--client-secret", "hush")
    async with httpx.AsyncClient(base_url=base) as http:
        asked = authorization_url(client_id="mine").replace(BASE, base)
        back = await sign_in_and_allow(http, asked, "abel.tuter")
        mine = {"client_id": "mine", "client_secret": "hush"}
        tokens = (await exchange(http, code=answer(back)["code"], **mine)).json()
        who = await current_user(http, headers=bearer(tokens))
        assert who.json()["result"]["user_name"] == "abel.tuter"
    again = start("--state", state)
    async with httpx.AsyncClient(base_url=again) as http:
        who = await current_user(http, headers=bearer(tokens))
        assert who.json()["result"]["user_name"] == "abel.tuter"


@pytest.mark.real_servers
@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["reset_before", "reset_midway", "reset_after"])
async def test_a_reset_ends_the_connection_and_the_server_goes_on(start: Start, kind: str) -> None:
    base = start()
    async with httpx.AsyncClient(base_url=base, auth=("abel.tuter", "demo")) as http:
        await http.post("/simulator/faults", json={"kind": kind, "path": "/api/*"})
        with pytest.raises(httpx.ReadError):
            await http.get("/api/now/table/incident?sysparm_limit=1")
        assert (await http.get("/api/now/table/incident?sysparm_limit=1")).status_code == 200


@pytest.mark.real_servers
@pytest.mark.timeout(60)
async def test_a_reset_inside_a_batch_ends_the_connection_of_the_batch(start: Start) -> None:
    base = start()
    item = {"id": "1", "method": "GET", "url": "/api/now/table/incident?sysparm_limit=1"}
    asked = {"rest_requests": [item]}
    async with httpx.AsyncClient(base_url=base, auth=("abel.tuter", "demo")) as http:
        await http.post("/simulator/faults", json={"kind": "reset_before", "path": "*/incident"})
        with pytest.raises(httpx.ReadError):
            await http.post("/api/now/batch", json=asked)
        assert (await http.post("/api/now/batch", json=asked)).status_code == 200


@pytest.mark.real_servers
@pytest.mark.timeout(60)
def test_a_port_in_use_is_said_clearly(start: Start) -> None:
    port = start().rpartition(":")[2]
    command = [sys.executable, "-m", "simulator", "--port", port]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use" in second.stderr
    assert "--port" in second.stderr


@pytest.mark.real_servers
@pytest.mark.timeout(60)
async def test_with_tls_links_and_cookies_are_those_of_https(start: Start, tmp_path: Path) -> None:
    base = start("--tls", "--tls-directory", str(tmp_path))
    trusted = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
    async with httpx.AsyncClient(
        base_url=base, auth=("abel.tuter", "demo"), verify=trusted
    ) as http:
        page = await http.get("/api/now/table/incident?sysparm_limit=1&sysparm_fields=caller_id")
        assert base.startswith("https://127.0.0.1:")
        assert page.json()["result"][0]["caller_id"]["link"].startswith(base)
        assert f"<{base}/api/now/table/incident?" in page.headers["link"]
        assert "; Secure" in page.headers["set-cookie"]
        await http.post("/simulator/faults", json={"kind": "reset_midway", "path": "/api/*"})
        with pytest.raises(httpx.ReadError):
            await http.get("/api/now/table/incident?sysparm_limit=1")
        assert (await http.get("/api/now/table/incident?sysparm_limit=1")).status_code == 200
    async with httpx.AsyncClient() as stranger:
        with pytest.raises(httpx.ConnectError):
            await stranger.get(base)


@pytest.mark.real_servers
@pytest.mark.timeout(60)
@pytest.mark.parametrize("more", [["--tls-directory", "{}/file"], ["--tls-name", "m\u00fcnchen"]])
def test_a_certificate_that_cannot_be_made_is_said_clearly(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "file").touch()
    given = [word.format(tmp_path) for word in more]
    command = [sys.executable, "-m", "simulator", "--port", "0", "--tls", *given]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot make a certificate: ")
