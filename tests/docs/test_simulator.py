"""What the simulator's page names, the simulator has."""

import re
from pathlib import Path

import pytest

from simulator.areas.organisation.people import PEOPLE
from simulator.control import admin_api
from simulator.control.faults import FaultKind
from simulator.instance import Instance
from simulator.options import options
from simulator.seed.planting import seeded
from tests.simulator.small_instance import NOW

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_every_kind_of_fault_is_named() -> None:
    kinds = PAGE.split("Kinds:")[1].split(".")[0]
    assert set(re.findall(r"`(\w+)`", kinds)) == {kind.value for kind in FaultKind}


def test_the_people_named_exist() -> None:
    named = set(re.findall(r"^\| `([a-z]+\.[a-z0-9]+)`", PAGE, re.MULTILINE))
    named |= set(re.findall(r"`([a-z]+\.[a-z0-9]+)` (?:is inactive|locked out)", PAGE))
    assert len(named) >= 6
    assert named <= {one.user_name for one in PEOPLE}


def test_there_is_as_much_as_it_says() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    people, groups, incidents = (
        instance.count(table) for table in ("sys_user", "sys_user_group", "incident")
    )
    said = " ".join(PAGE.split())
    assert f"{people} people in {groups} groups, {incidents} incidents" in said
    [first] = instance.query("incident", "number=INC0010001")
    assert first["caller_id"] == str((instance.find_user("abel.tuter") or {}).get("sys_id"))
    assert (instance.find_user("otto.vance") or {})["active"] == "false"
    assert (instance.find_user("lena.lockhart") or {})["locked_out"] == "true"


def test_every_address_of_the_admin_api_named_there_exists() -> None:
    exist = {str(route.path) for route in admin_api.ROUTES}
    named = set(re.findall(r"^\| `([^|]+)` \|", PAGE, re.MULTILINE)) - {"abel.tuter"}
    named = {one for row in named for one in row.split("`, `") if one.startswith("/simulator/")}
    assert named
    for one in named:
        assert any(path.startswith(one.removesuffix("…")) for path in exist), one


def test_every_option_named_there_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(["--help"])
    assert set(re.findall(r"`(--[a-z-]+)", PAGE)) <= set(
        re.findall(r"--[a-z-]+", capsys.readouterr().out)
    )
