"""A demo site: its secrets, its ports, what it prints."""

import json
import socket
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from snmcp_project.demo.banner import banner
from snmcp_project.demo.site import DemoSecrets, DemoSite
from snmcp_project.demo.startup import PortInUse, free_port, require_free_ports


@pytest.fixture
def site(tmp_path: Path) -> DemoSite:
    return DemoSite(tmp_path, 18080, 18090)


def test_a_second_start_finds_the_same_secrets(tmp_path: Path) -> None:
    assert DemoSecrets.kept_in(tmp_path / "demo") == DemoSecrets.kept_in(tmp_path / "demo")


def test_two_demos_share_no_secret(tmp_path: Path) -> None:
    one, other = DemoSecrets.kept_in(tmp_path / "one"), DemoSecrets.kept_in(tmp_path / "other")
    assert one.secret_key != other.secret_key
    assert one.encryption_key != other.encryption_key


def test_only_the_owner_may_read_the_secrets(tmp_path: Path) -> None:
    DemoSecrets.kept_in(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_settings_of_a_real_site_do_not_leak_into_the_demo(
    site: DemoSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICENOW_CLIENT_SECRET", "the real one")
    monkeypatch.setenv("AUDIT_SIGNING_KEY", "the real one")
    assert "the real one" not in site.environment().values()


def test_the_banner_names_everything_a_newcomer_needs(site: DemoSite) -> None:
    printed = banner(site)
    assert f"{site.instance_address}/simulator/console" in printed
    for needed in ("http://localhost:18080/mcp", "abel.tuter", "demo", "/admin/", "claude mcp add"):
        assert needed in printed
    assert site.secrets.operator_password in printed
    assert len(printed.splitlines()) <= 20


def test_the_vs_code_link_gives_back_the_address_and_carries_no_token(site: DemoSite) -> None:
    (link,) = [word for word in banner(site).split() if word.startswith("https://vscode.dev/")]
    config = parse_qs(urlsplit(link).query)["config"][0]
    assert json.loads(config) == {"type": "http", "url": "http://localhost:18080/mcp"}


@pytest.mark.real_servers
def test_a_port_in_use_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"{port} is in use.*--simulator-port"):
            require_free_ports(DemoSite(tmp_path, free_port(), port))
