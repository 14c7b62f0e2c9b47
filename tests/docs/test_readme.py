"""What the first page promises is there: tools, codes, commands of clients, people of the demo."""

import re
from pathlib import Path

from mcp_app.portal.client_guides import client_guides
from oauth_app import sign_in_failures
from oauth_app.sign_in_failures import SignInFailure
from simulator.areas.organisation.people import PEOPLE
from tools_app.catalog import CATALOG

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_tools_named_are_the_tools_there_are() -> None:
    assert re.findall(r"`([a-z_]+)`", section("Tools")) == list(CATALOG)


def test_every_failure_named_is_one_that_happens() -> None:
    named = set(re.findall(r"`([A-Z_]{6,})`", section("When something is wrong")))
    kinds = [each for each in vars(sign_in_failures).values() if isinstance(each, type)]
    codes = {
        each.code for each in kinds if issubclass(each, SignInFailure) and "code" in vars(each)
    }
    words = (ROOT / "mcp_app" / "answers.py").read_text(encoding="utf-8")
    settings = {"PUBLIC_BASE_URL", "ALLOWED_ORIGINS"}
    assert {one for one in named - codes - settings if f'"{one}"' not in words} == set()


def test_commands_of_clients_are_those_of_the_pages() -> None:
    commands = {guide.command for guide in client_guides("http://localhost:8080/mcp")}
    named = re.findall(r"`((?:claude|npx|codex) [^`]+)`", section("Connect a client"))
    assert named
    assert set(named) <= commands


def test_the_demo_person_named_there_exists() -> None:
    tried = section("Try it, without a ServiceNow instance")
    named = set(re.findall(r"`([a-z]+\.[a-z]+)`", tried))
    assert named
    assert named <= {one.user_name for one in PEOPLE}
