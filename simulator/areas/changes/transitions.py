"""Which ways lead on from the state a change is in, and which of them are open.

A change with a model goes the ways that the model's records describe, so that a model somebody
adds counts like those of the base system. Without one its type decides.
"""

from collections.abc import Callable, Mapping, Sequence

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
from simulator.queries.matching import matches
from simulator.queries.parsing import literal
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
        for row in records.query("sttrm_state", f"sttrm_model={literal(model)}^initial_state=true"):
            return row["state_value"]
    return NEW


def is_open(records: Records, change: Values, way: Transition) -> bool:
    """Whether everything the way takes holds for the change."""
    return all(holds(records, change, one) for one in way.requirements)


def holds(records: Records, change: Values, requirement: Requirement) -> bool:
    """Whether one requirement holds for the change."""
    if requirement.asks:
        return _ABOUT_OTHERS[requirement.asks](records, change)
    # What the values of the change do not tell does not hold.
    return matches(change, requirement.query, otherwise=lambda _: False)


def _described(records: Records, model: str, state: str) -> Sequence[Transition]:
    """The ways that the records of a model describe; three queries, whatever it looks like."""
    states = {
        row["sys_id"]: row for row in records.query("sttrm_state", f"sttrm_model={literal(model)}")
    }
    origins = [sys_id for sys_id, row in states.items() if row["state_value"] == state]
    if not origins:
        return []
    ways = f"from_stateIN{','.join(origins)}^active=true"
    rows = records.query("sttrm_state_transition", ways)
    named = ",".join(row["sys_id"] for row in rows)
    conditions = f"sttrm_state_transitionIN{named}^active=true"
    asked = records.query("sttrm_transition_condition", conditions) if rows else []
    return [
        Transition(
            source=state,
            target=states.get(row["to_state"], {}).get("state_value", ""),
            automatic=row["automatic_transition"] == "true",
            sys_id=row["sys_id"],
            name=row["sys_name"],
            requirements=tuple(
                _requirement(one) for one in asked if one["sttrm_state_transition"] == row["sys_id"]
            ),
        )
        for row in rows
    ]


def _requirement(row: Values) -> Requirement:
    return Requirement(
        name=row["name"],
        sys_id=row["sys_id"],
        query=row["condition"],
        asks=row["condition_type"] if row["condition_type"] in _ABOUT_OTHERS else "",
        description=row["description"],
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
