"""Records, pages and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from servicenow.records import (
    Page,
    Record,
    Reference,
    Value,
    servicenow_time,
    to_servicenow_time,
)

INCIDENT = Record(
    "incident",
    "a1",
    {
        "state": Value("1", "New"),
        "caller_id": Value("62826bf0", "Abel Tuter"),
        "assigned_to": Value("", ""),
    },
)


def test_a_field_has_a_value_and_a_display_value() -> None:
    assert (INCIDENT.value("state"), INCIDENT.display("state")) == ("1", "New")


def test_a_reference_has_a_sys_id_and_a_name() -> None:
    assert INCIDENT.reference("caller_id") == Reference("62826bf0", "Abel Tuter")
    assert INCIDENT.reference("assigned_to") is None
    assert INCIDENT.reference("cmdb_ci") is None


def test_a_hidden_field_is_not_an_empty_one() -> None:
    assert INCIDENT.has("assigned_to")
    assert not INCIDENT.has("close_notes")
    assert (INCIDENT.value("close_notes"), INCIDENT.display("close_notes")) == ("", "")
    assert INCIDENT.hidden(["state", "close_notes", "priority"]) == ["close_notes", "priority"]


def a_page(*records: Record, total: int | None, limit: int = 3, offset: int = 0) -> Page:
    return Page(records, total, offset, limit, None, ("state", "number"))


def test_a_page_names_what_is_hidden_in_any_of_its_records() -> None:
    other = Record("incident", "a2", {"state": Value("1", "New"), "number": Value("I", "I")})
    assert a_page(INCIDENT, other, total=2).hidden_fields == ["number"]
    assert a_page(other, total=1).hidden_fields == []
    assert a_page(total=0).hidden_fields == []


def test_a_page_counts_the_rows_that_access_control_removed() -> None:
    assert a_page(INCIDENT, total=10).removed_rows == 2
    assert a_page(INCIDENT, total=1).removed_rows == 0
    assert a_page(INCIDENT, total=5, offset=3).removed_rows == 1
    assert a_page(INCIDENT, total=None).removed_rows == 0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-01 13:45:59", datetime(2026, 6, 1, 13, 45, 59, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)),
        ("", None),
        ("2026-13-01 00:00:00", None),
        ("01.06.2026 13:45:59", None),
        ("2026-06-01T13:45:59+02:00", None),
    ],
)
def test_stored_times_are_utc_and_others_are_not_guessed(
    text: str, moment: datetime | None
) -> None:
    assert servicenow_time(text) == moment


def test_times_are_sent_in_utc() -> None:
    newfoundland = timezone(-timedelta(hours=3, minutes=30))
    moment = datetime(2026, 6, 1, 23, 0, 0, 999, tzinfo=newfoundland)
    assert to_servicenow_time(moment) == "2026-06-02 02:30:00"


def test_a_time_without_a_zone_is_not_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_servicenow_time(datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None))
