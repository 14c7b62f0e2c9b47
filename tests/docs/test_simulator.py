"""What the simulator's page names, the simulator has."""

import re
from pathlib import Path

from simulator.faults import FaultKind
from simulator.seed_people import PEOPLE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_every_kind_of_fault_is_named() -> None:
    kinds = PAGE.split("Kinds:")[1].split(".")[0]
    assert set(re.findall(r"`(\w+)`", kinds)) == {kind.value for kind in FaultKind}


def test_the_people_named_exist() -> None:
    assert set(re.findall(r"`([a-z]+\.[a-z0-9]+)`", PAGE)) <= {one.user_name for one in PEOPLE}
