"""`javascript:` in a query value: an allow-list of expressions, evaluated for who asks.

There is no interpreter. What is not on the list gives None: a condition with it matches nothing.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from simulator.access.people import Person
from simulator.moments import as_moment
from simulator.queries.dates import DatePart, date_part, shifted, span

PREFIX = "javascript:"

Evaluated = str | tuple[str, ...] | DatePart | None
_Expression = Callable[[re.Match[str], Person | None, datetime], Evaluated]

_EXPRESSIONS: list[tuple[re.Pattern[str], _Expression]] = []


def evaluate(script: str, *, person: Person | None, now: datetime) -> Evaluated:
    """The value of a script (without `javascript:`), or None if it is not on the list."""
    text = script.strip().rstrip(";").strip()
    for pattern, expression in _EXPRESSIONS:
        found = pattern.fullmatch(text)
        if found:
            return expression(found, person, now)
    return None


def _expression(pattern: str) -> Callable[[_Expression], _Expression]:
    def listed(function: _Expression) -> _Expression:
        _EXPRESSIONS.append((re.compile(pattern), function))
        return function

    return listed


@_expression(r"gs\.getUserID\(\)|gs\.getUser\(\)\.getID\(\)")
def _user_id(_: re.Match[str], person: Person | None, __: datetime) -> Evaluated:
    return person.sys_id if person else None


@_expression(r"gs\.getUserName\(\)|gs\.getUser\(\)\.getName\(\)")
def _user_name(_: re.Match[str], person: Person | None, __: datetime) -> Evaluated:
    return person.user_name if person else None


@_expression(r"getMyGroups\(\)|gs\.getUser\(\)\.getMyGroups\(\)")
def _my_groups(_: re.Match[str], person: Person | None, __: datetime) -> Evaluated:
    return person.groups if person else None


@_expression(r"getMyApprovals\(\)")
def _my_approvals(_: re.Match[str], person: Person | None, __: datetime) -> Evaluated:
    # Approvals name their approver: the person, and those who have delegated theirs to the person.
    return (person.sys_id, *sorted(person.approves_for)) if person else None


@_expression(r"gs\.(days|hours|minutes|months|quarters|years)Ago\((-?\d{1,5})\)")
def _ago(found: re.Match[str], _: Person | None, now: datetime) -> Evaluated:
    then = shifted(now, found[1].removesuffix("s"), -int(found[2]))
    return as_moment(then) if then else None


@_expression(r"gs\.(days|hours|minutes|months|quarters|years)Ago(Start|End)\((-?\d{1,5})\)")
def _ago_edge(found: re.Match[str], person: Person | None, now: datetime) -> Evaluated:
    unit, edge, amount = found[1].removesuffix("s"), found[2], int(found[3])
    if unit in ("hour", "minute"):
        return as_moment(_clock_edge(now, unit=unit, edge=edge, amount=amount))
    start, end = span(unit, now, zone=_zone(person), ahead=-amount)
    return as_moment(start if edge == "Start" else end)


@_expression(r"gs\.(beginning|end)Of(Today|Yesterday|Tomorrow)\(\)")
def _day_edge(found: re.Match[str], person: Person | None, now: datetime) -> Evaluated:
    ahead = {"Today": 0, "Yesterday": -1, "Tomorrow": 1}[found[2]]
    start, end = span("day", now, zone=_zone(person), ahead=ahead)
    return as_moment(start if found[1] == "beginning" else end)


@_expression(r"gs\.(beginning|end)Of(This|Last|Next)(Week|Month|Quarter|Year)\(\)")
def _span_edge(found: re.Match[str], person: Person | None, now: datetime) -> Evaluated:
    ahead = {"This": 0, "Last": -1, "Next": 1}[found[2]]
    start, end = span(found[3].lower(), now, zone=_zone(person), ahead=ahead)
    return as_moment(start if found[1] == "beginning" else end)


@_expression(
    r"gs\.dateGenerate\(['\"](\d{4}-\d\d-\d\d)(?: |['\"],\s*['\"])(start|end|\d\d:\d\d:\d\d)['\"]\)"
)
def _generated(found: re.Match[str], person: Person | None, _: datetime) -> Evaluated:
    time = {"start": "00:00:00", "end": "23:59:59"}.get(found[2], found[2])
    try:
        at = datetime.fromisoformat(f"{found[1]} {time}")
    except ValueError:
        return None
    return as_moment(at.replace(tzinfo=_zone(person)))


@_expression(r"gs\.datePart\('(\w+)',\s*'(\w+)',\s*'(\w+)'\)")
def _date_part(found: re.Match[str], _: Person | None, __: datetime) -> Evaluated:
    return date_part(found[1], found[2], found[3])


@_expression(r"gs\.(?:now|nowDateTime)\(\)")
def _now(_: re.Match[str], __: Person | None, now: datetime) -> Evaluated:
    return as_moment(now)


def _zone(person: Person | None) -> tzinfo:
    return person.zone if person else UTC


def _clock_edge(now: datetime, *, unit: str, edge: str, amount: int) -> datetime:
    start = now.replace(second=0, microsecond=0)
    if unit == "hour":
        start = start.replace(minute=0)
    length = timedelta(hours=1) if unit == "hour" else timedelta(minutes=1)
    start -= length * amount
    return start if edge == "Start" else start + length - timedelta(seconds=1)
