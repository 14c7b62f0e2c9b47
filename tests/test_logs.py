"""Whatever is logged, no query string and no reconnect token leaves the process."""

import io
import logging
import logging.config
from typing import Any

import pytest
from django.test import Client

from oauth_app.authorization_server.client_secrets import new_client_secret
from snmcp_project.logs import logging_settings, scrubbed

TOKEN = "snmcp_" + "A1b2" * 10


@pytest.mark.parametrize(
    "text",
    [
        f"POST /mcp?token={TOKEN} 200",
        f"GET http://localhost/oauth/callback?code={TOKEN}&state=x",
        f"Authorization: Bearer {TOKEN}",
        f"X-API-Key: {TOKEN}",
    ],
)
def test_a_token_in_a_line_is_cut_out(text: str) -> None:
    assert TOKEN not in scrubbed(text)
    assert scrubbed(text)[:4] == text[:4]


def test_a_secret_of_a_client_is_cut_out() -> None:
    secret = new_client_secret()
    assert secret not in scrubbed(f"client_secret={secret}")


def test_our_own_names_stay_readable_in_a_traceback() -> None:
    line = 'File "/srv/snmcp_project/management/commands/serve.py", line 3'
    assert scrubbed(line) == line


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_traceback_is_scrubbed_too(style: str) -> None:
    printed = io.StringIO()
    settings: dict[str, Any] = logging_settings(level="INFO", style=style)
    settings["handlers"]["console"]["stream"] = printed
    logging.config.DictConfigurator(settings).configure()
    try:
        int(f"/mcp?token={TOKEN}")
    except ValueError:
        logging.getLogger("anything").exception("failed for %s", TOKEN)
    assert "ValueError" in printed.getvalue()
    assert TOKEN not in printed.getvalue()


@pytest.mark.usefixtures("db")
def test_nobody_chooses_the_address_that_stands_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        Client(REMOTE_ADDR="198.51.100.7").get("/nowhere", headers={header: "203.0.113.66"})
    assert "198.51.100.7" in caplog.text
    assert "203.0.113.66" not in caplog.text
