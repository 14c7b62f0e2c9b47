"""`manage.py serve`: what it logs, and how it starts and ends."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog

from snmcp_project.access_log import log_request

PROJECT = Path(__file__).resolve().parents[2]
CANARY = "snmcp_" + "c4n4ry" * 7


def request_details(path: str) -> dict[str, object]:
    return {
        "path": path,
        "status": 401,
        "method": "POST",
        "client": "127.0.0.1:5",
        "time_taken": 0.0123,
        "size": 99,
    }


def test_a_request_is_logged_without_its_query_string():
    with structlog.testing.capture_logs() as logs:
        log_request("http", "complete", request_details(f"/mcp?token={CANARY}"))
    assert logs == [
        {
            "event": "request",
            "log_level": "info",
            "method": "POST",
            "path": "/mcp",
            "status": 401,
            "bytes": 99,
            "milliseconds": 12,
            "client": "127.0.0.1:5",
        }
    ]


def test_only_completed_requests_are_logged():
    with structlog.testing.capture_logs() as logs:
        log_request("websocket", "connecting", request_details("/"))
    assert logs == []


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(port: int, database: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "snmcp_project.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "LOG_LEVEL": "INFO",
        "REDIS_URL": f"unix://{database.parent}/redis.sock",
        "SERVICENOW_CLIENT_ID": "client of the settings",
        "PYTHONUNBUFFERED": "1",
    }


def migrate(port: int, database: Path) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=PROJECT, env=environment(port, database), check=True)


@contextmanager
def serving(port: int, database: Path) -> Iterator["subprocess.Popen[str]"]:
    """A server in a process of its own, ready or ended."""
    command = [sys.executable, "manage.py", "serve", f"--port={port}"]
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment(port, database),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as server:
        try:
            yield server
        finally:
            server.kill()


def lines_until(server: "subprocess.Popen[str]", wanted: str) -> list[str]:
    assert server.stdout is not None
    lines = []
    for line in server.stdout:
        lines.append(line)
        if wanted in line:
            return lines
    raise AssertionError(lines)


def status_of(port: int, request: bytes, *, endless: bytes = b"") -> bytes:
    """The first line of the answer, also to a client that would never stop sending."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace(b"\n", b"\r\n"))
        try:
            while endless:
                connection.sendall(endless)
        except OSError:
            return b"cut off"
        return connection.recv(1000).partition(b"\r\n")[0]


def assert_bodies_are_bounded(port: int) -> None:
    head = b"POST /o/token/ HTTP/1.1\nHost: localhost\n"
    announced = head + b"Content-Length: 9000000000\n\n"
    assert status_of(port, announced) == b"HTTP/1.1 413 Content Too Large"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    hidden = head + b"Transfer-Encoding: chunked\n\n"
    assert status_of(port, hidden, endless=chunk) == b"cut off"


def assert_websockets_are_refused(port: int) -> None:
    asked = (
        b"GET /mcp HTTP/1.1\nHost: localhost\nUpgrade: websocket\nConnection: Upgrade\n"
        b"Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"
    )
    assert status_of(port, asked) == b"HTTP/1.1 403 Access denied"


@pytest.mark.real_servers
@pytest.mark.enable_socket
@pytest.mark.timeout(60)
def test_the_server_bounds_bodies_and_speaks_no_websockets(tmp_path: Path):
    port = free_port()
    migrate(port, tmp_path / "db.sqlite3")
    with serving(port, tmp_path / "db.sqlite3") as server:
        lines_until(server, "Listening on")
        assert_bodies_are_bounded(port)
        assert_websockets_are_refused(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
            assert web.post("/mcp", content=b"x" * 1_000_000).status_code == 401
            # All of it is sent before the answer is read, and the answer is there.
            assert web.post("/mcp", content=b"x" * 3_000_000).status_code == 413
        server.send_signal(signal.SIGTERM)
        rest, _ = server.communicate(timeout=10)
    assert "Traceback" not in rest


@pytest.mark.real_servers
@pytest.mark.enable_socket
@pytest.mark.timeout(60)
def test_the_server_needs_its_tables_logs_no_token_and_ends_on_sigterm(tmp_path: Path):
    port = free_port()
    with serving(port, tmp_path / "db.sqlite3") as unmigrated:
        lines_until(unmigrated, "The database is not migrated")
        assert unmigrated.wait() == 1
    migrate(port, tmp_path / "db.sqlite3")
    with serving(port, tmp_path / "db.sqlite3") as server:
        lines_until(server, "Listening on")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
            assert web.post(f"/mcp?access_token={CANARY}").status_code == 401
            web.get(f"/nowhere?code={CANARY}")
        with sqlite3.connect(tmp_path / "db.sqlite3") as database:
            known = database.execute("SELECT client_id FROM oauth_app_instance").fetchall()
        assert known == [("client of the settings",)], "before anybody has opened a page"
        with serving(port, tmp_path / "db.sqlite3") as second:
            lines_until(second, "another program may hold the port")
            assert second.wait() == 1
        server.send_signal(signal.SIGTERM)
        rest, _ = server.communicate(timeout=10)
    assert server.returncode == 0
    assert '"path": "/mcp"' in rest
    assert CANARY not in rest
