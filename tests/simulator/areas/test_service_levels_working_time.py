"""Schedules: which hours count."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from simulator.areas.service_levels.working_time import Always, Hours, entry_of
from simulator.moments import as_duration, moment_of, seconds_of
from tests.simulator.facts import fact

HOUR = 3600
ROW = {
    "start_date_time": "20260105T080000",
    "end_date_time": "20260105T170000",
    "all_day": "false",
    "repeat_type": "weekdays",
    "repeat_until": "",
    "repeat_count": "1",
    "days_of_week": "",
    "type": "",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(*rows: dict[str, str], zone: str = "UTC") -> Hours:
    entries = [entry for row in rows if (entry := entry_of({**ROW, **row}))]
    return Hours(entries, ZoneInfo(zone))


@fact("A service level counts only the hours of its schedule", tag="D service-level-management")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-20 09:00", "2026-11-20 12:00", 3 * HOUR),
        ("2026-11-20 06:00", "2026-11-20 20:00", 9 * HOUR),
        ("2026-11-20 16:00", "2026-11-23 09:00", 2 * HOUR),
        ("2026-11-21 00:00", "2026-11-22 23:00", 0),
        ("2026-11-20 12:00", "2026-11-20 09:00", 0),
        ("2026-11-16 00:00", "2026-11-30 00:00", 90 * HOUR),
    ],
)
def test_working_time_between_two_moments(start: str, end: str, expected: int) -> None:
    assert hours({}).between(at(start), at(end)) == expected


def test_time_is_counted_over_ten_years_at_most() -> None:
    daily = hours({"start_date_time": "19700101T080000", "end_date_time": "19700101T090000"})
    counted = daily.between(at("0001-01-01 00:00"), at("2026-11-20 12:00"))
    assert 2600 * HOUR < counted < 2630 * HOUR


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        ("2026-11-20 09:00", 4 * HOUR, "2026-11-20 13:00"),
        ("2026-11-20 16:00", 2 * HOUR, "2026-11-23 09:00"),
        ("2026-11-21 12:00", HOUR, "2026-11-23 09:00"),
        ("2026-11-20 06:00", 9 * HOUR, "2026-11-20 17:00"),
    ],
)
def test_when_so_much_working_time_has_passed(start: str, seconds: int, expected: str) -> None:
    assert hours({}).after(at(start), seconds) == at(expected)


def test_without_hours_time_never_passes() -> None:
    assert hours().after(at("2026-11-20 09:00"), HOUR) is None
    assert hours().between(at("2026-11-20 09:00"), at("2026-11-27 09:00")) == 0
    assert hours({}).after(at("9999-12-31 09:00"), HOUR) is None


def test_hours_are_local_and_follow_summer_time() -> None:
    berlin = hours({}, zone="Europe/Berlin")
    assert berlin.after(at("2026-07-01 00:00"), HOUR) == at("2026-07-01 07:00")
    assert berlin.after(at("2026-12-01 00:00"), HOUR) == at("2026-12-01 08:00")


@pytest.mark.parametrize(
    ("change", "week"),
    [
        ({"repeat_type": "daily"}, 7 * 9),
        ({"repeat_type": "daily", "repeat_count": "2"}, 3 * 9),
        ({"repeat_type": "weekends"}, 2 * 9),
        ({"repeat_type": "weekMWF"}, 3 * 9),
        ({"repeat_type": "weekTT"}, 2 * 9),
        ({"repeat_type": "weekly", "days_of_week": "135"}, 3 * 9),
        ({"repeat_type": "weekly"}, 9),
        ({"repeat_type": "weekly", "repeat_count": "2"}, 0),
        ({"repeat_type": "monthly"}, 0),
        ({"repeat_type": "yearly"}, 0),
        ({"repeat_type": ""}, 0),
        ({"repeat_until": "20260131T000000"}, 0),
        ({"all_day": "true"}, 5 * 24),
        ({"start_date_time": "soon"}, 0),
        ({"end_date_time": "20250105T170000"}, 0),
        ({"start_date_time": "99990105T080000", "end_date_time": "99990105T090000"}, 0),
        ({"repeat_type": "weekly", "end_date_time": "20260106T080000"}, 24),
    ],
)
def test_entries_repeat(change: dict[str, str], week: int) -> None:
    counted = hours(change).between(at("2026-11-16 00:00"), at("2026-11-23 00:00"))
    assert counted == week * HOUR


def test_entries_repeat_on_their_day_of_month_and_year() -> None:
    start, end = at("2027-01-05 00:00"), at("2027-01-06 00:00")
    for repeats in ("monthly", "yearly"):
        assert hours({"repeat_type": repeats}).between(start, end) == 9 * HOUR
    later = at("2027-02-05 00:00"), at("2027-02-06 00:00")
    assert hours({"repeat_type": "monthly"}).between(*later) == 9 * HOUR
    assert hours({"repeat_type": "yearly"}).between(*later) == 0


@fact("Excluded entries of a schedule take their time away", tag="D schedules")
def test_excluded_entries_take_time_away() -> None:
    holiday = {
        "type": "exclude",
        "repeat_type": "",
        "all_day": "true",
        "start_date_time": "20261118T000000",
        "end_date_time": "20261118T235959",
    }
    lunch = {
        "type": "exclude",
        "start_date_time": "20260105T120000",
        "end_date_time": "20260105T130000",
    }
    counted = hours({}, holiday, lunch).between(at("2026-11-16 00:00"), at("2026-11-23 00:00"))
    assert counted == 4 * 8 * HOUR


def test_entries_that_overlap_count_once() -> None:
    late = {"start_date_time": "20260105T160000", "end_date_time": "20260105T200000"}
    day = at("2026-11-20 00:00"), at("2026-11-21 00:00")
    assert hours({}, late).between(*day) == 12 * HOUR


def test_without_a_schedule_all_time_counts() -> None:
    always = Always()
    assert always.between(at("2026-11-20 00:00"), at("2026-11-22 00:00")) == 48 * HOUR
    assert always.between(at("2026-11-22 00:00"), at("2026-11-20 00:00")) == 0
    assert always.after(at("2026-11-20 00:00"), HOUR) == at("2026-11-20 01:00")
    assert always.after(at("9999-12-31 23:59"), HOUR) == datetime.max.replace(tzinfo=UTC, day=30)


@pytest.mark.parametrize(
    ("stored", "seconds"),
    [("1970-01-01 00:02:17", 137), ("1970-01-02 00:00:00", 86_400), ("", 0), ("soon", 0)],
)
def test_durations_are_moments_since_1970(stored: str, seconds: int) -> None:
    assert seconds_of(stored) == seconds


def test_durations_are_neither_negative_nor_endless() -> None:
    assert as_duration(-5) == "1970-01-01 00:00:00"
    assert as_duration(10**12) == as_duration(10**15)
    assert seconds_of("1969-01-01 00:00:00") == 0
    assert moment_of("2026-11-20T09:00:00+02:00") is None
