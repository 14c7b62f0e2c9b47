"""Conditions asked of one record."""

import pytest

from simulator.queries.matching import matches
from simulator.queries.parsing import Term

VALUES = {
    "state": "2",
    "priority": "10",
    "category": "Network",
    "opened_at": "2026-11-20 09:00:00",
    "assigned_to": "",
    "active": "true",
}
PREVIOUS = {"state": "1", "category": "Network"}


def never(_: Term) -> bool:
    return False


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("", True),
        ("state=2", True),
        ("state!=2", False),
        ("category=network", True),
        ("stateIN1,2", True),
        ("stateNOT IN1,2", False),
        ("categoryLIKEwork", True),
        ("categoryNOT LIKEwork", False),
        ("categorySTARTSWITHnet", True),
        ("categoryENDSWITHnet", False),
        ("assigned_toISEMPTY", True),
        ("assigned_toEMPTYSTRING", True),
        ("assigned_toISNOTEMPTY", False),
        ("assigned_toANYTHING", True),
        ("priority>9", True),
        ("priority>=10", True),
        ("priority<9", False),
        ("priority<=9", False),
        ("opened_at>2026-11-19 00:00:00", True),
        ("state=1^ORstate=2^active=true", True),
        ("state=2^active=false", False),
        ("state=1^NQactive=true", True),
        ("stateVALCHANGES", True),
        ("categoryVALCHANGES", False),
        ("stateCHANGESFROM1", True),
        ("stateCHANGESFROM3", False),
        ("stateCHANGESTO2", True),
        ("stateCHANGESTO3", False),
    ],
)
def test_conditions_on_the_records_own_fields(encoded: str, *, expected: bool) -> None:
    assert matches(VALUES, encoded, previous=PREVIOUS, otherwise=never) is expected


@pytest.mark.parametrize(
    "encoded",
    [
        "caller_id.vip=true",
        "opened_at>javascript:gs.daysAgo(1)",
        "stateDYNAMIC1",
        "123TEXTQUERY321=mail",
        "!!",
    ],
)
def test_everything_else_is_asked_elsewhere(encoded: str) -> None:
    asked: list[Term] = []

    def yes(term: Term) -> bool:
        asked.append(term)
        return True

    assert matches(VALUES, encoded, otherwise=yes)
    assert len(asked) == 1
    assert not matches(VALUES, encoded, otherwise=never)


def test_an_insert_changes_what_is_not_empty() -> None:
    assert matches(VALUES, "stateCHANGESTO2", otherwise=never)
    assert not matches(VALUES, "assigned_toVALCHANGES", otherwise=never)
