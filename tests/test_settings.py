"""What the environment says is what the server does, and what it does not say has a default."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHOW = (
    "import json; from snmcp_project import settings; "
    "print(json.dumps({name: getattr(settings, name) for name in dir(settings) "
    "if name.isupper()}, default=str))"
)
KEPT = ("PATH", "HOME", "PYTHONPATH")
CELERY = "CELERY_BROKER_URL"


def settings_of(folder: Path, **environment: str) -> dict[str, Any]:
    """The settings of a server that is started with this environment alone."""
    mine = {name: os.environ[name] for name in KEPT if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**mine, "ENV_FILE": str(folder / "none"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    shown: dict[str, Any] = json.loads(ran.stdout)
    return shown


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """Files with values as a shell writes them, and the variables that name them."""
    values = {
        "SECRET_KEY": "from a file",
        "TOKEN_ENCRYPTION_KEY": "k1:qs4m",
        "SERVICENOW_CLIENT_SECRET": "shh",
        "DATABASE_URL": "postgres://snmcp:pw@db.example.com/snmcp",
        "REDIS_URL": "redis://redis.example.com:6379/0",
        "RATE_LIMIT_PER_USER": "7",
        "READ_ONLY": "on",
        "ALLOWED_ORIGINS": "https://a.example,https://b.example",
    }
    for name, value in values.items():
        (tmp_path / name).write_text(f"{value}\n")
    return {f"{name}_FILE": str(tmp_path / name) for name in values}


def test_without_an_environment_the_defaults_are_those_of_the_documents(tmp_path: Path) -> None:
    shown = settings_of(tmp_path)
    expected = {
        "MCP_PORT": 8080,
        "PUBLIC_BASE_URL": "http://localhost:8080",
        "OAUTH_REDIRECT_URI": "http://localhost:8080/oauth/callback",
        "RATE_LIMIT_PER_USER": 60,
        "RECONNECT_TOKEN_TTL": 8_640_000,
        "MCP_ACCESS_TOKEN_TTL": 43_200,
        "MCP_REFRESH_TOKEN_TTL": 7_776_000,
        "MCP_URL_TOKENS": False,
        "READ_ONLY": False,
        "ALLOWED_ORIGINS": [],
        "TRUSTED_PROXIES": [],
        "SERVICENOW_ALLOWED_HOSTS": [],
        "SERVICENOW_TIMEOUT_SECONDS": 30,
        "REDIS_URL": f"unix://{ROOT}/var/redis/redis.sock",
        CELERY: f"redis+socket://{ROOT}/var/redis/redis.sock",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",
    }
    assert {name: shown[name] for name in expected} == expected
    assert shown["DATABASES"]["default"]["NAME"] == f"{ROOT}/var/snmcp.sqlite3"


def test_what_is_said_leads_to_what_follows_from_it(tmp_path: Path) -> None:
    shown = settings_of(
        tmp_path,
        MCP_PORT="9000",
        SERVICENOW_INSTANCE_URL="https://acme.service-now.com/",
        MCP_URL_TOKENS="on",
    )
    assert shown["PUBLIC_BASE_URL"] == "http://localhost:9000"
    assert shown["SERVICENOW_INSTANCE_URL"] == "https://acme.service-now.com"
    assert shown["SERVICENOW_ALLOWED_HOSTS"] == ["acme.service-now.com"]
    assert shown["MCP_URL_TOKENS"] is True


def test_cookies_are_tied_to_the_host_where_the_address_is_https(tmp_path: Path) -> None:
    shown = settings_of(tmp_path, PUBLIC_BASE_URL="https://mcp.example.com/")
    assert shown["MCP_RESOURCE"] == "https://mcp.example.com/mcp"
    assert shown["ALLOWED_HOSTS"] == ["mcp.example.com"]
    assert shown["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert shown["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert shown["SESSION_COOKIE_SECURE"]
    assert shown["SECURE_HSTS_SECONDS"]


def test_every_value_may_stand_in_a_file_of_its_own(
    tmp_path: Path, secrets: dict[str, str]
) -> None:
    shown = settings_of(tmp_path, **secrets)
    assert shown["SECRET_KEY"] == "from a file"
    assert shown["TOKEN_ENCRYPTION_KEY"] == "k1:qs4m"
    assert shown["SERVICENOW_CLIENT_SECRET"] == "shh"
    assert shown["DATABASES"]["default"]["HOST"] == "db.example.com"
    assert shown[CELERY] == "redis://redis.example.com:6379/0"
    assert shown["RATE_LIMIT_PER_USER"] == 7
    assert shown["READ_ONLY"] is True
    assert shown["ALLOWED_ORIGINS"] == ["https://a.example", "https://b.example"]


def test_a_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    given = tmp_path / "settings.env"
    given.write_text("SECRET_KEY=of the file\nMCP_PORT=9001\n# LOG_LEVEL=DEBUG\n")
    shown = settings_of(tmp_path, ENV_FILE=str(given), MCP_PORT="9002")
    assert (shown["SECRET_KEY"], shown["MCP_PORT"]) == ("of the file", 9002)
    assert shown["LOG_LEVEL"] == "INFO"


def test_a_database_server_that_vanished_is_not_waited_for_unless_the_operator_says_so(
    tmp_path: Path,
) -> None:
    url = "postgres://db.example/snmcp?connect_timeout=30"
    options = settings_of(tmp_path, DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
    kept_alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    assert options == {"connect_timeout": 30, "tcp_user_timeout": 10_000, **kept_alive}


def test_a_database_file_gets_its_folder_for_nobody_else_to_look_into(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    settings_of(tmp_path, DATABASE_URL=f"sqlite:///{folder}/snmcp.sqlite3")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_garbage_is_collected_as_soon_as_every_app_is_ready() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
