"""Whose approvals somebody may decide, by what their delegations say."""

from datetime import UTC, datetime

import pytest

from servicenow.records import Record, Value
from tools_app.approval_decisions import delegators

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
ACTIVE = {
    "user": "approver",
    "delegate": "me",
    "approvals": "true",
    "starts": "2026-05-04 12:00:00",
    "ends": "2026-05-04 12:00:00",
}


def row(**changed: str) -> Record:
    """A delegation as ServiceNow returned it; a field that is hidden is not there."""
    fields = {name: Value(text, text) for name, text in {**ACTIVE, **changed}.items()}
    kept = {name: value for name, value in fields.items() if value.value != "hidden"}
    return Record("sys_user_delegate", "1" * 32, kept)


def test_a_delegation_counts_from_its_first_to_its_last_second() -> None:
    assert delegators([row()], delegate="me", at=NOW) == {"approver"}


@pytest.mark.parametrize(
    "changed",
    [
        {"starts": "2026-05-04 12:00:01"},
        {"ends": "2026-05-04 11:59:59"},
        {"starts": ""},
        {"ends": ""},
        {"ends": "04/05/2027"},
        {"approvals": "false"},
        {"approvals": ""},
        {"delegate": "somebody else"},
        {"delegate": ""},
        {"user": ""},
        *({name: "hidden"} for name in ACTIVE),
    ],
)
def test_a_delegation_that_does_not_say_all_of_it_counts_for_nothing(
    changed: dict[str, str],
) -> None:
    assert delegators([row(**changed)], delegate="me", at=NOW) == frozenset()


def test_whoever_has_no_sys_id_stands_in_for_nobody() -> None:
    assert delegators([row(delegate="")], delegate="", at=NOW) == frozenset()
