"""Where a change can go from its state, and why it cannot go elsewhere.

The instance's change models decide, so they are asked; nothing here knows an order of states. What
the base system calls asking for approval is entering Assess or Authorize.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from servicenow.exceptions import NotAsDocumented, NotAuthorized, RejectedByInstance
from servicenow.records import Record
from servicenow.responses import JSON
from tools_app.change_api import read_if_there
from tools_app.change_results import NextState
from tools_app.choosing import labels_of
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments, StateForbids
from tools_app.settling import unless_it_fails
from tools_app.spec import ToolCall

# What must be read before a change can be written.
FIELDS_TO_DECIDE_BY: Final = (
    "state",
    "type",
    "category",
    "start_date",
    "end_date",
    "cmdb_ci",
    "close_code",
    "close_notes",
)
NEW: Final = "-5"
CLOSED: Final = "3"
_CANCELED: Final = "4"
_ASSESS, _AUTHORIZE = "-4", "-3"
_ASKING: Final = (_ASSESS, _AUTHORIZE)
_FIRST_ASKED: Final = {"normal": _ASSESS, "emergency": _AUTHORIZE}
_MOST_NAMED: Final = 5


@dataclass(frozen=True)
class Way:
    """A state that a change can reach, and what still has to hold before it does."""

    value: str
    label: str
    available: bool
    waits_for: tuple[str, ...] = ()
    automatic: bool = False

    def as_result(self) -> NextState:
        """As the model reads it."""
        return NextState(
            state=self.label,
            available=self.available,
            waits_for=list(self.waits_for),
            automatic=self.automatic,
        )


async def ways_on(call: ToolCall, change: Record) -> list[Way] | None:
    """The ways on from the state of `change`; None where the change API does not tell."""
    answer = await read_if_there(call, change, "nextstates")
    return None if answer is None else list(_read(answer, now=change.value("state")))


async def check_closing(call: ToolCall, change: Record, values: Mapping[str, str]) -> None:
    """Raise `InvalidArguments` if `values` close `change` without saying how it went."""
    if values.get("state") != CLOSED or change.value("state") == CLOSED:
        return
    missing = [
        name
        for name in ("close_code", "close_notes")
        if not values.get(name) and not change.value(name)
    ]
    if missing:
        codes = await labels_of(call, "change_request", "close_code")
        accepted = {"close_code": codes, "close_notes": "how it went"}
        raise InvalidArguments(
            *(
                ArgumentProblem(name, "is missing to close the change", accepted[name])
                for name in missing
            )
        )


async def asking_state(call: ToolCall, change: Record) -> str:
    """The state in which the approval of `change` is asked for, as the instance's model has it.

    Raises `StateForbids` where it waits already, cannot be asked for, or needs nobody's approval.
    """
    here = _state_of(change)
    if change.value("state") in _ASKING:
        raise StateForbids(
            f"The change is in state {here}: its approval is asked for already.",
            next_step="See with get_change_request_details who has to decide.",
        )
    ways = await ways_on(call, change)
    if ways is None:
        first = _FIRST_ASKED.get(change.value("type"))
        if first and change.value("state") == NEW:
            return first
    asking = sorted((way for way in ways or () if way.value in _ASKING), key=_assess_first)
    if not asking:
        known = "" if ways is None else f"{_ways_in_words(ways)} "
        raise StateForbids(
            f"A change of this kind is not submitted for approval in state {here}.",
            next_step=f"{known}Use update_change_request to move it on.",
        )
    if not asking[0].available:
        raise _forbids(change, asking[0].label, ways=ways or [])
    return asking[0].value


async def why_refused(
    call: ToolCall,
    change: Record,
    wanted: str | None,
    refused: RejectedByInstance | NotAuthorized,
) -> Exception:
    """What to raise for a refused write that would have set the state to `wanted`.

    `refused` itself where the way was open or the instance does not tell: then its own sentence
    says more.
    """
    if isinstance(refused, NotAuthorized):
        return _ended(change) or refused
    if wanted is None or wanted == change.value("state"):
        return refused
    ways = await unless_it_fails(ways_on(call, change))
    target = next((way for way in ways or () if way.value == wanted), None)
    if not ways or (target and target.available):
        return refused
    label = target.label if target else await _label_of(call, wanted)
    return _forbids(change, label, ways=ways)


def _ended(change: Record) -> StateForbids | None:
    """What to say of a change that is closed or canceled: few people may still write to it."""
    if change.value("state") not in {CLOSED, _CANCELED}:
        return None
    return StateForbids(
        f"The change is in state {_state_of(change)}, where ServiceNow lets this person change "
        "nothing any more.",
        next_step="Tell the person; for more work create a new change with create_change_request.",
    )


async def _label_of(call: ToolCall, state: str) -> str:
    choices = await unless_it_fails(call.tables.choices("change_request", "state"))
    return next((clean_line(one.label, most=40) for one in choices or () if one.value == state), "")


def moved_on(before: Record, after: Record) -> bool:
    """Whether the state changed, be it beyond what was sent: the next way may be automatic."""
    return after.has("state") and after.value("state") != before.value("state")


def _forbids(change: Record, wanted: str, *, ways: Sequence[Way]) -> StateForbids:
    target = next((way for way in ways if way.label == wanted), None)
    there = f"to {wanted}" if wanted else "there"
    why = f", which waits for: {_quoted(target.waits_for)}" if target and target.waits_for else ""
    return StateForbids(
        f"The change is in state {_state_of(change)} and cannot go {there} now{why}.",
        next_step=_ways_in_words(ways),
    )


def _state_of(change: Record) -> str:
    return clean_line(change.display("state"), most=40) or "unknown"


def _ways_in_words(ways: Sequence[Way]) -> str:
    if not ways:
        return "From its state it can go nowhere else."
    return f"From its state it can go to: {'; '.join(_in_words(way) for way in ways)}."


def _in_words(way: Way) -> str:
    waits = f" (once: {_quoted(way.waits_for)})" if way.waits_for else ""
    return f"{way.label}{', by itself' if way.automatic else ''}{waits}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _assess_first(way: Way) -> int:
    return _ASKING.index(way.value)


def _read(answer: JSON, *, now: str) -> Iterable[Way]:
    """Ways by their target, in the order of the instance."""
    if not isinstance(answer, dict) or not isinstance(answer.get("available_states"), list):
        raise NotAsDocumented("next states without a list of them")
    labels = answer.get("state_label")
    described: dict[str, list[Mapping[str, JSON]]] = {}
    for one in _described(answer):
        described.setdefault(str(one.get("to_state")), []).append(one)
    for state in map(str, answer["available_states"]):
        if state == now:
            continue
        label = labels.get(state, state) if isinstance(labels, dict) else state
        yield _way(state, clean_line(str(label), most=40), described.get(state, []))


def _described(answer: Mapping[str, JSON]) -> Iterable[Mapping[str, JSON]]:
    groups = answer.get("state_transitions")
    for group in groups if isinstance(groups, list) else ():
        yield from _objects(group)


def _way(state: str, label: str, described: Sequence[Mapping[str, JSON]]) -> Way:
    """One way out of the transitions that lead there; what a person can do counts first."""
    if not described:
        return Way(state, label, available=True)
    manual = [one for one in described if one.get("automatic_transition") is not True]
    ways = manual or described
    is_open = any(one.get("transition_available") is True for one in ways)
    waits = () if is_open else min((_unmet(one) for one in ways), key=len)
    return Way(state, label, available=is_open, waits_for=waits, automatic=not manual)


def _unmet(transition: Mapping[str, JSON]) -> tuple[str, ...]:
    """The names of the conditions of a transition that do not hold."""
    failed = [
        one for one in _objects(transition.get("conditions")) if one.get("passed") is not True
    ]
    conditions = _objects([one.get("condition") for one in failed])
    names = [clean_line(str(one.get("name") or ""), most=80) for one in conditions]
    return tuple(name for name in names if name)[:_MOST_NAMED]


def _objects(rows: JSON) -> list[dict[str, JSON]]:
    """The objects of a list; none where it is no list."""
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
