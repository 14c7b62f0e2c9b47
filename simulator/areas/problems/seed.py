"""Demo data of problems, linked to incidents that wait for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.problems.scenarios import PROBLEMS, DemoProblem
from simulator.areas.problems.states import (
    ANALYSIS,
    CLOSED,
    FIX,
    FIX_APPLIED,
    NEW,
    RESOLVED,
    TASK_CLOSED,
    TASK_NEW,
)
from simulator.areas.tasks.priorities import PRIORITIES
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import group_id, item_id, person_id
from simulator.seed.properties import property_row

Values = dict[str, str]

# With the values of a new instance.
PROPERTIES = {
    "problem.closed.can_create_tasks": "false",
    "problem.closed.cancel_open_tasks": "true",
    "problem.closed.role.reanalyze_from_canceled": "problem_manager",
    "problem.closed.role.reanalyze_from_closed_riskaccepted": "problem_manager",
    "problem.closed.role.reanalyze_from_completed": "problem_manager",
    "problem_task.closed.role.reaassess_from_closed": "problem_coordinator",
}

_ENDED = (RESOLVED, CLOSED)
_TASK_SUBJECTS = ("Find out when it happens", "Ask the vendor")
_WAITING = "active=true^category={category}^ORDERBYDESChold_reason^ORDERBYnumber"


def plant(instance: Instance) -> None:
    """Insert them, link incidents, and count on from the last numbers."""
    moment = instance.clock()
    rows = [_problem(place, moment=moment) for place in range(len(PROBLEMS))]
    tasks = [task for place in range(len(PROBLEMS)) for task in _tasks(place, rows[place])]
    for number, task in enumerate(tasks, start=FIRST_NUMBER + 1):
        task["number"] = f"PTASK{number:07d}"
    links = _links(instance)
    for place, incidents in links.items():
        rows[place]["related_incidents"] = str(len(incidents))
        rows[place]["first_reported_by_task"] = incidents[0]
    instance.insert_many("sys_properties", [property_row(*one) for one in PROPERTIES.items()])
    instance.insert_many("problem", rows)
    instance.insert_many("problem_task", tasks)
    _link(instance, links)
    for table, used in (("problem", len(rows)), ("problem_task", len(tasks))):
        last = {"number": str(FIRST_NUMBER + used)}
        instance.update("sys_number", stable_sys_id("sys_number", table), last)


def problem_id(place: int) -> str:
    """The sys_id of a problem of the demo."""
    return stable_sys_id("problem", _number(place))


def _number(place: int) -> str:
    return f"PRB{FIRST_NUMBER + 1 + place:07d}"


def _problem(place: int, *, moment: datetime) -> Values:
    problem = PROBLEMS[place]
    opened = moment - timedelta(days=problem.age)
    original = problem_id(problem.duplicate_of) if problem.duplicate_of >= 0 else ""
    return {
        "sys_id": problem_id(place),
        "sys_class_name": "problem",
        "number": _number(place),
        "task_effective_number": _number(place),
        "short_description": problem.subject,
        "description": f"{problem.subject}. Seen on {problem.item}.",
        "state": problem.state,
        "problem_state": problem.state,
        "active": "false" if problem.state == CLOSED else "true",
        "category": problem.category,
        "subcategory": problem.subcategory,
        "impact": problem.impact,
        "urgency": problem.urgency,
        "priority": PRIORITIES[problem.impact, problem.urgency],
        "assignment_group": group_id(problem.group),
        "assigned_to": person_id(problem.assigned_to) if problem.assigned_to else "",
        "cmdb_ci": item_id(problem.item),
        "workaround": problem.workaround,
        "workaround_applied": "true" if problem.workaround else "false",
        "cause_notes": problem.cause,
        "fix_notes": problem.fix,
        "resolution_code": problem.resolution,
        "close_notes": problem.close_notes,
        "duplicate_of": original,
        "known_error": "true" if problem.known_error else "false",
        "major_problem": "true" if problem.major else "false",
        "reopen_count": str(problem.reopened),
        "opened_at": as_moment(opened),
        "opened_by": person_id("fred.luddy"),
        "sys_created_on": as_moment(opened),
        "sys_created_by": "fred.luddy",
        "sys_updated_on": as_moment(opened + timedelta(days=problem.age / 2)),
        "sys_updated_by": problem.assigned_to or "fred.luddy",
        **_steps(problem, opened=opened),
    }


def _steps(problem: DemoProblem, *, opened: datetime) -> Values:
    """Who took which step, and when, as far as the problem has come."""
    taken = {
        "confirmed": problem.state in (ANALYSIS, FIX) or problem.resolution == FIX_APPLIED,
        "fix": problem.state == FIX or problem.resolution == FIX_APPLIED,
        "resolved": problem.state in _ENDED,
        "closed": problem.state == CLOSED,
    }
    values = {}
    for part, (step, reached) in enumerate(taken.items(), start=1):
        if reached:
            values[f"{step}_at"] = as_moment(opened + timedelta(days=problem.age * part / 6))
            values[f"{step}_by"] = person_id(problem.assigned_to)
    return values


def _tasks(place: int, row: Values) -> Iterator[Values]:
    for order, (state, subject) in enumerate(
        zip(PROBLEMS[place].tasks, _TASK_SUBJECTS, strict=False)
    ):
        closed = state == TASK_CLOSED
        yield {
            "sys_id": stable_sys_id("problem_task", row["number"], str(order)),
            "sys_class_name": "problem_task",
            "short_description": subject,
            "problem": row["sys_id"],
            "parent": row["sys_id"],
            "problem_task_type": "general" if order else "rca",
            "state": state,
            "active": "false" if closed else "true",
            "close_code": "completed" if closed else "",
            "close_notes": "Known now" if closed else "",
            "assigned_to": "" if state == TASK_NEW else row["assigned_to"],
            **{
                name: row[name]
                for name in ("assignment_group", "cmdb_ci", "opened_at", "opened_by", "priority")
            },
            "sys_created_on": row["opened_at"],
            "sys_created_by": "fred.luddy",
        }


def _links(instance: Instance) -> dict[int, list[str]]:
    """For the place of a problem the incidents of its category that nothing else has taken."""
    links: dict[int, list[str]] = {}
    taken: set[str] = set()
    for place, problem in enumerate(PROBLEMS):
        if not problem.incidents or problem.state == NEW:
            continue
        found = instance.query("incident", _WAITING.format(category=problem.category))
        free = [row["sys_id"] for row in found if row["sys_id"] not in taken]
        if free:
            links[place] = free[: problem.incidents]
            taken.update(links[place])
    return links


def _link(instance: Instance, links: dict[int, list[str]]) -> None:
    """Only `problem_id`: an update would count as one, and the incidents keep their history."""
    root = instance.dictionary.root("incident")
    for place, incidents in links.items():
        for sys_id in incidents:
            instance.store.write(
                f'UPDATE "{root}" SET "problem_id" = ? WHERE "sys_id" = ?',  # noqa: S608  # the table's name comes from the dictionary
                (problem_id(place), sys_id),
            )
