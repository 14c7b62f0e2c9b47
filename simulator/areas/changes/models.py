"""The change models of the base system: their states, the ways between them, what each way takes.

What a way takes is an encoded query over the change, or one of `ABOUT_OTHERS`: a question about
other records that no query over the change can ask.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from simulator.data.sys_ids import stable_sys_id

NEW, ASSESS, AUTHORIZE, SCHEDULED = "-5", "-4", "-3", "-2"
IMPLEMENT, REVIEW, CLOSED, CANCELED = "-1", "0", "3", "4"

LABELS = {
    NEW: "New",
    ASSESS: "Assess",
    AUTHORIZE: "Authorize",
    SCHEDULED: "Scheduled",
    IMPLEMENT: "Implement",
    REVIEW: "Review",
    CLOSED: "Closed",
    CANCELED: "Canceled",
}


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What must hold before a change goes a way; `asks` names one of `ABOUT_OTHERS`."""

    name: str
    sys_id: str = ""
    query: str = ""
    asks: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A way from one state to another; an automatic one is gone as soon as it is open."""

    source: str
    target: str
    automatic: bool = False
    requirements: tuple[Requirement, ...] = ()
    sys_id: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Model:
    """One change model. `preset` are the values a new change starts with."""

    name: str
    sys_id: str
    description: str
    preset: str
    transitions: tuple[Transition, ...]
    color: str = "#cbcbcb"
    is_default: bool = False
    in_ui: bool = True
    types: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Those any of its ways touches, in the order of the process."""
        touched = {state for one in self.transitions for state in (one.source, one.target)}
        return tuple(state for state in LABELS if state in touched)


NO_ACTIVE_TASKS = "no_active_change_tasks"
PLANNED = "planned_dates"

_NOT_ON_HOLD = Requirement(name="Not On hold", query="on_hold=false")
_APPROVED = Requirement(name="Approved", query="approval=approved")
_REJECTED = Requirement(name="Rejected", query="approval=rejected")
_GROUP = Requirement(name="Assignment group is set", query="assignment_groupISNOTEMPTY")
_SUBJECT = Requirement(name="Short description is set", query="short_descriptionISNOTEMPTY")
_DATES = Requirement(name="Planned dates are set", asks=PLANNED)
_TASKS_DONE = Requirement(name="No active Change Tasks", asks=NO_ACTIVE_TASKS)


def _way(source: str, target: str, *requirements: Requirement) -> Transition:
    return Transition(source=source, target=target, requirements=requirements)


def _automatic(source: str, target: str, *requirements: Requirement) -> Transition:
    return Transition(source=source, target=target, automatic=True, requirements=requirements)


_BACK = (_way(AUTHORIZE, NEW), _automatic(AUTHORIZE, NEW, _REJECTED))
_WORK = (
    _way(SCHEDULED, IMPLEMENT, _NOT_ON_HOLD),
    _way(SCHEDULED, CANCELED),
    _automatic(IMPLEMENT, REVIEW, _NOT_ON_HOLD, _TASKS_DONE),
    _way(IMPLEMENT, REVIEW, _NOT_ON_HOLD),
    _way(IMPLEMENT, CANCELED),
    _way(REVIEW, CLOSED, _NOT_ON_HOLD),
)
_AUTHORIZATION = (
    _automatic(AUTHORIZE, SCHEDULED, _NOT_ON_HOLD, _APPROVED, _DATES),
    _way(AUTHORIZE, CANCELED),
    *_BACK,
    _way(SCHEDULED, NEW),
    *_WORK,
)

NORMAL = Model(
    name="Normal",
    sys_id="007c4001c343101035ae3f52c1d3aeb2",
    description="ITIL Mode 1 Normal Change",
    preset="type=normal^EQ",
    color="#488df4",
    is_default=True,
    types=("normal",),
    transitions=(
        _way(NEW, ASSESS, _NOT_ON_HOLD, _GROUP, _SUBJECT),
        _way(NEW, CANCELED),
        _automatic(ASSESS, AUTHORIZE, _NOT_ON_HOLD, _APPROVED),
        _automatic(ASSESS, NEW, _REJECTED),
        _way(ASSESS, NEW),
        _way(ASSESS, CANCELED),
        *_AUTHORIZATION,
    ),
)
STANDARD = Model(
    name="Standard",
    sys_id="e55d0bfec343101035ae3f52c1d3ae49",
    description="ITIL Mode 1 Standard Change",
    preset="type=standard^EQ",
    color="#2fb560",
    types=("standard",),
    transitions=(
        _way(NEW, SCHEDULED, _NOT_ON_HOLD, _GROUP, _SUBJECT),
        _way(NEW, CANCELED),
        *_WORK,
    ),
)
EMERGENCY = Model(
    name="Emergency",
    sys_id=stable_sys_id("chg_model", "Emergency"),
    description="ITIL Mode 1 Emergency Change",
    preset="type=emergency^EQ",
    color="#ea3423",
    types=("emergency",),
    transitions=(
        _way(NEW, AUTHORIZE, _NOT_ON_HOLD, _GROUP, _SUBJECT),
        _way(NEW, CANCELED),
        *_AUTHORIZATION,
    ),
)
CLOUD = Model(
    name="Cloud Infrastructure",
    sys_id=stable_sys_id("chg_model", "Cloud Infrastructure"),
    description="Changes of cloud infrastructure that need no approval",
    preset="type=normal^EQ",
    transitions=(
        _way(NEW, SCHEDULED, _NOT_ON_HOLD),
        _way(NEW, CANCELED),
        *_WORK,
    ),
)
REGISTRATION = Model(
    name="Change Registration",
    sys_id="7840d2515323101034d1ddeeff7b12a6",
    description="Records a change made by automation. Nobody approves it.",
    preset="type=normal^EQ",
    in_ui=False,
    transitions=(
        _way(NEW, IMPLEMENT),
        _way(NEW, CANCELED),
        _way(IMPLEMENT, CLOSED),
        _way(IMPLEMENT, CANCELED),
    ),
)
UNAUTHORIZED = Model(
    name="Unauthorized",
    sys_id=stable_sys_id("chg_model", "Unauthorized"),
    description="A change that was made without having been authorized",
    preset="type=normal^unauthorized=true^EQ",
    transitions=(
        _way(NEW, REVIEW),
        _way(NEW, CANCELED),
        _way(REVIEW, CLOSED),
    ),
)

MODELS = (NORMAL, STANDARD, EMERGENCY, CLOUD, REGISTRATION, UNAUTHORIZED)
BY_TYPE: Mapping[str, Model] = {kind: model for model in MODELS for kind in model.types}


def identified(model: Model) -> Iterator[Transition]:
    """The ways of a model with the sys_ids and names that their records have."""
    for place, one in enumerate(model.transitions):
        sys_id = stable_sys_id("sttrm_state_transition", model.name, str(place))
        yield replace(
            one,
            sys_id=sys_id,
            name=f"{LABELS[one.source]} to {LABELS[one.target]}",
            requirements=tuple(
                replace(each, sys_id=stable_sys_id("sttrm_transition_condition", sys_id, each.name))
                for each in one.requirements
            ),
        )
