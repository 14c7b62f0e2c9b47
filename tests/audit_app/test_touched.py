"""What a person worked on lately."""

import pytest

from audit_app.models import ToolCall
from audit_app.services import close_record, intent_row, open_record
from audit_app.touched import records_touched
from tests.audit_app.calls import a_closing, an_opening


@pytest.fixture(autouse=True)
def _calls(db: None) -> None:
    """Abel worked on two incidents and a change."""
    for number in ("INC0000001", "INC0000002", "INC0000001"):
        _worked_on(number, table="incident")
    _worked_on("CHG0000001", table="change_request")


def test_the_latest_comes_first_and_each_once():
    assert records_touched(1, table="incident") == ["INC0000001", "INC0000002"]
    assert records_touched(1, table="incident", most=1) == ["INC0000001"]


def test_charlie_touched_nothing_of_abels():
    assert records_touched(2, table="incident") == []


def test_what_was_typed_into_a_completion_does_not_push_work_out():
    ToolCall.objects.bulk_create(intent_row(an_opening(tool="suggest")) for _ in range(200))
    assert records_touched(1, table="change_request") == ["CHG0000001"]


def _worked_on(number: str, *, table: str) -> None:
    ref = open_record(an_opening())
    close_record(ref, closing=a_closing(record_table=table, record_number=number))
