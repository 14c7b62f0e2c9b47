"""Answers to the variables of an item, checked before anything is ordered.

Nobody orders for somebody else: a variable that stands for the requester can only be the
signed-in person, whatever the item would take.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from ipaddress import ip_address

from servicenow.exceptions import JavascriptRefused, QueryRefused
from servicenow.query import Query
from servicenow.records import to_servicenow_time
from tools_app.arguments import MOMENT_ACCEPTED, read_moment
from tools_app.catalog_answer_texts import names_in
from tools_app.catalog_forms import asked_with
from tools_app.catalog_items import MULTI_ROW, Item, Option, Variable, named_among
from tools_app.catalog_requester import REQUESTED_FOR, own_answers, requesters_of
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.finding import KINDS, Kind, one_of
from tools_app.identity import Caller, says_who_is_acting
from tools_app.spec import ToolCall
from tools_app.validation import shown

NOT_HERE: Mapping[str, str] = {
    "masked": "it holds a secret, which belongs into the browser, not into a conversation",
    "attachment": "it takes a file",
    MULTI_ROW: "it is a table of answers (a multi-row variable set)",
    "macro": "it is a widget of the page",
    "macro_with_label": "it is a widget of the page",
}

_MOST_LISTED = 40
_MOST_NEAR = 5
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_DURATION = re.compile(r"(?:(?P<days>\d{1,3}) )?(?P<time>\d\d:\d\d:\d\d)")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)


async def checked_answers(
    call: ToolCall, item: Item, given: Mapping[str, str] | None
) -> dict[str, str]:
    """The answers as ServiceNow stores them, by the names of variables.

    Raises `InvalidArguments` naming every variable that is unknown, missing or wrong, and
    `AmbiguousMatch` for a name that fits several records.
    """
    problems: list[ArgumentProblem] = []
    asked: dict[str, tuple[str, str]] = {}
    for name, text in (given or {}).items():
        variable = named_among(item.variables, name)
        if variable is None or variable.sys_id in asked:
            unknown = _unknown(item, name, is_twice=variable is not None)
            problems.append(ArgumentProblem(f"variables.{shown(name)}", *unknown))
        else:
            asked[variable.sys_id] = (name, text)
    texts = {sys_id: text for sys_id, (_, text) in asked.items()}
    requesters = await requesters_of(call, item, texts)
    answers: dict[str, str] = {}
    for one in item.variables:
        is_requester = one.sys_id in requesters
        if one.sys_id not in asked:
            answers |= _filled_in(one, caller=call.caller) if is_requester else {}
            continue
        name, text = asked[one.sys_id]
        try:
            answers[one.name] = await _answer(call, one, text, is_requester=is_requester)
        except _Wrong as wrong:
            problems.append(ArgumentProblem(f"variables.{shown(name)}", *wrong.words))
        except InvalidArguments as wrong:
            problems.extend(wrong.arguments)
    problems += _against_the_form(item, answers, given=asked)
    if problems:
        raise InvalidArguments(*problems)
    return answers


def _filled_in(variable: Variable, *, caller: Caller) -> dict[str, str]:
    """The signed-in person, where the form has to know the requester and nobody named one."""
    has_to = variable.mandatory and not variable.default
    own = own_answers(variable, caller=caller)
    return {variable.name: own[0]} if own and (has_to or variable.kind == REQUESTED_FOR) else {}


class _Wrong(Exception):
    """An answer that cannot be given: what is wrong with it, and what is accepted."""

    def __init__(self, problem: str, wanted: str = "") -> None:
        super().__init__(problem)
        self.words = (problem, wanted)


def _unknown(item: Item, name: str, *, is_twice: bool) -> tuple[str, str]:
    if is_twice:
        return "is given twice", "each variable once"
    names = ", ".join(one.name for one in item.variables[:_MOST_LISTED])
    for_oneself = ": it is always for the signed-in person" if says_who_is_acting(name) else ""
    wanted = f"one of {names}" if names else "none: it asks nothing"
    return f"is no variable of this item{for_oneself}", wanted


def _against_the_form(
    item: Item, answers: Mapping[str, str], *, given: Collection[str]
) -> list[ArgumentProblem]:
    """Answers that are missing, or that the form does not ask for after the other answers.

    `given` are the sys_ids of the variables that were answered.
    """
    effective = {one.name: answers.get(one.name, one.default) for one in item.variables}
    asked = asked_with(item, effective)
    problems = []
    for one in item.variables:
        where = f"variables.{shown(one.name)}"
        if not asked[one.name].visible:
            if one.sys_id in given and answers.get(one.name):
                problems.append(
                    ArgumentProblem(where, "is not asked after the other answers", "left out")
                )
        elif asked[one.name].mandatory and _is_lacking(one, effective[one.name]):
            if one.sys_id in given and one.name not in answers:
                continue  # Its answer was refused above.
            why = NOT_HERE.get(one.kind)
            lacking = f"is mandatory, and {why}: order this in the browser" if why else ""
            problems.append(
                ArgumentProblem(where, lacking or "is mandatory and has no answer", _wanted(one))
            )
    return problems


def _is_lacking(variable: Variable, answer: str) -> bool:
    return answer != "true" if variable.kind == "check_box" else not answer.strip()


def _wanted(variable: Variable) -> str:
    if variable.kind in NOT_HERE:
        return ""
    label = f"the answer to {shown(variable.label)!r}"
    if variable.options:
        return f"{label}: {_listed(variable.options)}"
    if variable.reference:
        known = KINDS.get(variable.reference)
        noun = known.noun if known else f"record of {variable.reference}"
        return f"{label}: the exact name or the sys_id of a {noun}"
    return f"{label}: {variable.kind.replace('_', ' ')}"


async def _answer(call: ToolCall, variable: Variable, text: str, *, is_requester: bool) -> str:
    """One answer as it is stored. Raises `_Wrong` and what finding records raises."""
    _check_may_be_sent(variable, text)
    answer = text.strip()
    if not answer:
        return ""
    if is_requester:
        return _own(call.caller, variable, answer)
    if variable.options:
        return _chosen(variable, answer)
    if variable.reference and variable.kind in {"reference", "list_collector"}:
        several = variable.kind == "list_collector"
        return await _referred(call, variable, answer.split(",") if several else [answer])
    read = _READING.get(variable.kind)
    return read(answer) if read else text


def _check_may_be_sent(variable: Variable, text: str) -> None:
    if variable.kind in NOT_HERE:
        raise _Wrong(f"cannot be answered here: {NOT_HERE[variable.kind]}", "left out")
    if variable.read_only:
        raise _Wrong("can only be read", "left out")
    try:
        Query().equals("value", text)
    except JavascriptRefused:
        raise _Wrong("begins with `javascript:`, which is never sent", "plain text") from None
    except QueryRefused:
        raise _Wrong("is not valid text", "plain text") from None


def _own(caller: Caller, variable: Variable, answer: str) -> str:
    """What stands for the signed-in person, if that is who is meant: nobody else is taken."""
    names = {caller.sys_id.casefold(), caller.user_name.casefold(), caller.name.casefold()}
    own = own_answers(variable, caller=caller)
    if answer.casefold() not in names or not own:
        raise _Wrong(
            "stands for the requester, who is always the signed-in person",
            "left out; name anybody else in the request's text, or let them order it themselves",
        )
    return own[0]


def _chosen(variable: Variable, answer: str) -> str:
    spelt = answer.casefold()
    if variable.kind == "yes_no":
        spelt = "yes" if spelt in _TRUE else "no" if spelt in _FALSE else spelt
    if any(one.value == answer for one in variable.options):
        return answer
    fitting = {
        one.value
        for one in variable.options
        if spelt in {one.value.casefold(), one.label.casefold()}
    }
    if len(fitting) != 1:
        raise _Wrong(f"is {shown(answer)!r}", _listed(variable.options))
    return fitting.pop()


def _listed(options: tuple[Option, ...]) -> str:
    labels = list(dict.fromkeys(one.label or one.value for one in options))
    more = f" and {len(labels) - _MOST_LISTED} more" if len(labels) > _MOST_LISTED else ""
    return "one of " + ", ".join(clean_line(one, most=80) for one in labels[:_MOST_LISTED]) + more


async def _referred(call: ToolCall, variable: Variable, answers: Sequence[str]) -> str:
    kind = KINDS.get(variable.reference) or await _kind_of(call, variable.reference)
    argument = f"variables.{shown(variable.name)}"
    found = []
    for answer in [one.strip() for one in answers if one.strip()]:
        # Whether it is active has to be true now, so nothing that is remembered will do.
        kind = replace(kind, is_remembered=False)
        try:
            record = await one_of(call, kind, answer, argument=argument)
        except InvalidArguments:
            wanted = await _near(call, kind, answer)
            raise _Wrong(f"is {shown(answer)!r}, which is none", wanted) from None
        if record.value("active") == "false":
            raise _Wrong(f"is {shown(answer)!r}, which is not active", f"an active {kind.noun}")
        found.append(record.sys_id)
    return ",".join(found)


async def _near(call: ToolCall, kind: Kind, answer: str) -> str:
    """What is accepted, with a few that have `answer` in their name; of small tables with any."""
    name = kind.known_by[-1 if kind.table in KINDS else 0]
    wanted = f"the exact name or the sys_id of a {kind.noun}"
    likely = Query().contains(name, answer)
    for query in (likely,) if kind.table in KINDS else (likely, Query()):
        page = await call.tables.list_if_allowed(
            kind.table, query=query.order_by(name), fields=[name], limit=_MOST_NEAR
        )
        rows = page.records if page else ()
        names = dict.fromkeys(clean_line(one.display(name), most=80) for one in rows)
        if any(names):
            return f"{wanted}, such as {', '.join(filter(None, names))}"
    return f"{wanted}. {kind.found_with}".rstrip(".")


async def _kind_of(call: ToolCall, table: str) -> Kind:
    names = await names_in(call, table)
    return Kind(
        table=table,
        noun=f"record of {table}",
        known_by=tuple(names[:2]) or ("sys_id",),
        details=(),
        found_with="Ask the person for the exact name or the sys_id.",
        can_end=False,
    )


def _truth(answer: str) -> str:
    spelt = answer.casefold()
    if spelt not in _TRUE | _FALSE:
        raise _Wrong(f"is {shown(answer)!r}", "true or false")
    return "true" if spelt in _TRUE else "false"


def _date(answer: str) -> str:
    try:
        return date.fromisoformat(answer).isoformat()
    except ValueError:
        raise _Wrong(f"is {shown(answer)!r}", "a date (2026-05-01)") from None


def _moment(answer: str) -> str:
    try:
        return to_servicenow_time(read_moment(answer))
    except ValueError:
        raise _Wrong(f"is {shown(answer)!r}", MOMENT_ACCEPTED) from None


def _duration(answer: str) -> str:
    found = _DURATION.fullmatch(answer)
    if found is None:
        raise _Wrong(f"is {shown(answer)!r}", "days and hours:minutes:seconds (3 08:00:00)")
    return answer


def _ip(answer: str) -> str:
    try:
        return str(ip_address(answer))
    except ValueError:
        raise _Wrong(f"is {shown(answer)!r}", "an IP address (10.0.0.1)") from None


def _of_form(form: re.Pattern[str], wanted: str) -> Callable[[str], str]:
    def read(answer: str) -> str:
        if not form.fullmatch(answer):
            raise _Wrong(f"is {shown(answer)!r}", wanted)
        return answer

    return read


def _whole(answer: str) -> str:
    if not answer.lstrip("-").isdecimal():
        raise _Wrong(f"is {shown(answer)!r}", "a whole number")
    return str(int(answer))


_READING: Mapping[str, Callable[[str], str]] = {
    "check_box": _truth,
    "date": _date,
    "date_time": _moment,
    "duration": _duration,
    "numeric_scale": _whole,
    "ip_address": _ip,
    "email": _of_form(_EMAIL, "one e-mail address"),
    "url": _of_form(_URL, "an address beginning with https://"),
}
