"""Which ways lead on from the state a change is in, and which of them are open.

A change with a model goes the ways that the model's records describe, so that a model somebody
adds counts like those of the base system. Without one its type decides.
"""

from collections.abc import Callable, Mapping, Sequence

from simulator.areas.changes.conditions import matches
from simulator.areas.changes.models import (
    BY_TYPE,
    NEW,
    NO_ACTIVE_TASKS,
    NORMAL,
    PLANNED,
    Requirement,
    Transition,
    identified,
)
from simulator.records.rules import Records

Values = Mapping[str, str]

# Measured on an instance whose Normal model let a change without planned dates be implemented.
DATES_ARE_REQUIRED = "com.snc.change_management.enforce_data_requirements"


def ways_from(records: Records, change: Values, *, state: str) -> Sequence[Transition]:
    """The ways out of a state for this change, whether they are open or not."""
    model = change.get("chg_model", "")
    if model and records.row("chg_model", model):
        return _described(records, model, state)
    known = BY_TYPE.get(change.get("type", ""), NORMAL)
    return [one for one in identified(known) if one.source == state]


def first_state(records: Records, change: Values) -> str:
    """The state in which a change of this model begins."""
    model = change.get("chg_model", "")
    if model:
        for row in records.query("sttrm_state", f"sttrm_model={model}^initial_state=true"):
            return row["state_value"]
    return NEW


def is_open(records: Records, change: Values, way: Transition) -> bool:
    """Whether everything the way takes holds for the change."""
    return all(holds(records, change, one) for one in way.requirements)


def holds(records: Records, change: Values, requirement: Requirement) -> bool:
    """Whether one requirement holds for the change."""
    if requirement.asks:
        return _ABOUT_OTHERS[requirement.asks](records, change)
    return matches(change, requirement.query)


def _described(records: Records, model: str, state: str) -> Sequence[Transition]:
    """The ways that the records of a model describe."""
    return [
        _way(records, row, source=state)
        for origin in records.query("sttrm_state", f"sttrm_model={model}^state_value={state}")
        for row in records.query(
            "sttrm_state_transition", f"from_state={origin['sys_id']}^active=true"
        )
    ]


def _way(records: Records, row: Values, *, source: str) -> Transition:
    target = records.row("sttrm_state", row["to_state"]) or {}
    asked = f"sttrm_state_transition={row['sys_id']}^active=true"
    return Transition(
        source=source,
        target=target.get("state_value", ""),
        automatic=row["automatic_transition"] == "true",
        sys_id=row["sys_id"],
        name=row["sys_name"],
        requirements=tuple(
            Requirement(
                name=one["name"],
                sys_id=one["sys_id"],
                query=one["condition"],
                asks=one["condition_type"] if one["condition_type"] in _ABOUT_OTHERS else "",
                description=one["description"],
            )
            for one in records.query("sttrm_transition_condition", asked)
        ),
    )


def _no_active_tasks(records: Records, change: Values) -> bool:
    """Tasks there are, and all of them are done."""
    tasks = records.query("change_task", f"change_request={change.get('sys_id', '')}")
    return bool(tasks) and all(task["active"] == "false" for task in tasks)


def _planned(records: Records, change: Values) -> bool:
    if records.property(DATES_ARE_REQUIRED, default="false") != "true":
        return True
    return bool(change.get("start_date") and change.get("end_date"))


_ABOUT_OTHERS: Mapping[str, Callable[[Records, Values], bool]] = {
    NO_ACTIVE_TASKS: _no_active_tasks,
    PLANNED: _planned,
}
