"""The scripts that a query value may hold."""

from datetime import UTC, datetime

import pytest

from simulator.access.people import Person
from simulator.queries.dates import DatePart
from simulator.queries.javascript import evaluate

FRIDAY = datetime(2026, 11, 20, 9, 45, 30, tzinfo=UTC)
BERLIN = Person("b", "beth", "Beth", frozenset(), ("g1", "g2"), time_zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("gs.getUserID()", "b"),
        (" gs.getUser().getID(); ", "b"),
        ("gs.getUserName()", "beth"),
        ("getMyGroups()", ("g1", "g2")),
        ("gs.getUser().getMyGroups()", ("g1", "g2")),
        ("getMyApprovals()", ("b",)),
        ("gs.daysAgo(1)", "2026-11-19 09:45:30"),
        ("gs.hoursAgo(2)", "2026-11-20 07:45:30"),
        ("gs.minutesAgo(-5)", "2026-11-20 09:50:30"),
        ("gs.monthsAgo(9)", "2026-02-20 09:45:30"),
        ("gs.yearsAgo(1)", "2025-11-20 09:45:30"),
        ("gs.now()", "2026-11-20 09:45:30"),
        ("gs.nowDateTime()", "2026-11-20 09:45:30"),
        # Midnight is Berlin's, an hour before UTC's in winter and two in summer.
        ("gs.daysAgoStart(0)", "2026-11-19 23:00:00"),
        ("gs.daysAgoEnd(0)", "2026-11-20 22:59:59"),
        ("gs.hoursAgoStart(1)", "2026-11-20 08:00:00"),
        ("gs.hoursAgoEnd(0)", "2026-11-20 09:59:59"),
        ("gs.minutesAgoStart(0)", "2026-11-20 09:45:00"),
        ("gs.minutesAgoEnd(1)", "2026-11-20 09:44:59"),
        ("gs.monthsAgoStart(1)", "2026-09-30 22:00:00"),
        ("gs.quartersAgoStart(0)", "2026-09-30 22:00:00"),
        ("gs.yearsAgoEnd(1)", "2025-12-31 22:59:59"),
        ("gs.beginningOfToday()", "2026-11-19 23:00:00"),
        ("gs.endOfYesterday()", "2026-11-19 22:59:59"),
        ("gs.beginningOfTomorrow()", "2026-11-20 23:00:00"),
        ("gs.beginningOfThisWeek()", "2026-11-15 23:00:00"),
        ("gs.endOfLastWeek()", "2026-11-15 22:59:59"),
        ("gs.beginningOfNextMonth()", "2026-11-30 23:00:00"),
        ("gs.endOfThisQuarter()", "2026-12-31 22:59:59"),
        ("gs.beginningOfThisYear()", "2025-12-31 23:00:00"),
        ("gs.dateGenerate('2026-07-01','12:00:00')", "2026-07-01 10:00:00"),
        ("gs.dateGenerate('2026-01-01', 'start')", "2025-12-31 23:00:00"),
        ('gs.dateGenerate("2026-07-01 12:00:00")', "2026-07-01 10:00:00"),
        ("gs.dateGenerate('2026-01-01','end')", "2026-01-01 22:59:59"),
        ("gs.datePart('dayofweek','monday','EE')", DatePart("dayofweek", 1, "EE")),
        ("gs.datePart('hour','13','GT')", DatePart("hour", 13, "GT")),
    ],
)
def test_an_allowed_script_is_evaluated(script: str, expected: object) -> None:
    assert evaluate(script, person=BERLIN, now=FRIDAY) == expected


@pytest.mark.parametrize(
    "script",
    [
        "",
        "gs.getProperty('x')",
        "gs.getUserID() + 1",
        "gs.daysAgo('1')",
        "gs.dateGenerate('2026-13-01','start')",
        "gs.datePart('eon','1','EE')",
        "gs.datePart('hour','many','EE')",
        "gs.datePart('hour','1','XX')",
        "new GlideRecord('sys_user')",
    ],
)
def test_any_other_script_has_no_value(script: str) -> None:
    assert evaluate(script, person=BERLIN, now=FRIDAY) is None


@pytest.mark.parametrize(
    "script", ["gs.getUserID()", "gs.getUserName()", "getMyGroups()", "getMyApprovals()"]
)
def test_scripts_about_the_person_have_no_value_without_one(script: str) -> None:
    assert evaluate(script, person=None, now=FRIDAY) is None


def test_days_are_those_of_utc_without_a_person() -> None:
    assert evaluate("gs.beginningOfToday()", person=None, now=FRIDAY) == "2026-11-20 00:00:00"


def test_the_last_day_of_a_month_stays_within_the_month_before() -> None:
    end_of_march = datetime(2026, 3, 31, tzinfo=UTC)
    assert evaluate("gs.monthsAgo(1)", person=None, now=end_of_march) == "2026-02-28 00:00:00"


def test_time_before_the_calendar_begins_has_no_value() -> None:
    assert evaluate("gs.yearsAgo(9999)", person=None, now=FRIDAY) is None
