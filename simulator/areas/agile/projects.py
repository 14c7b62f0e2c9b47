"""Project portfolio management."""

from collections.abc import Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl
from simulator.area import Area
from simulator.areas.agile.project_tables import PROJECT_TABLES
from simulator.records.rules import ON_INSERT, BusinessRule, Change, rule
from simulator.schema import ChoiceLists
from simulator.switches import Switches

_TASK = "pm_project_task"
_WORKING, _COMPLETE, _PENDING = "2", "3", ("-5", "1")

_STATUS = {"none": "No status", "green": "Green", "yellow": "Yellow", "red": "Red"}

CHOICES: ChoiceLists = {
    ("pm_project", "phase"): {
        "initiating": "Initiating",
        "planning": "Planning",
        "executing": "Executing",
        "delivering": "Delivering",
        "closing": "Closing",
    },
    ("pm_project", "status"): _STATUS,
    ("pm_project_task", "status"): _STATUS,
    ("pm_project", "execution_type"): {
        "waterfall": "Waterfall",
        "agile": "Agile",
        "hybrid": "Hybrid",
    },
    ("pm_project", "risk"): {"1": "High", "2": "Moderate", "3": "Low"},
    ("dmn_demand", "state"): {
        "1": "Draft",
        "-4": "Submitted",
        "2": "Screening",
        "3": "Qualified",
        "8": "Approved",
        "9": "Completed",
        "4": "Incomplete",
        "7": "Deferred",
    },
    ("dmn_demand", "type"): {
        "project": "Project",
        "enhancement": "Enhancement",
        "change": "Change",
        "defect": "Defect",
    },
    ("dmn_demand", "category"): {"strategic": "Strategic", "operational": "Operational"},
    ("dmn_demand", "stage"): {"idea": "Idea", "demand": "Demand", "project": "Project"},
    ("dmn_demand", "size"): {
        "1": "Small",
        "2": "Medium",
        "3": "Large",
        "4": "Extra Large",
    },
}

_MANAGERS = frozenset(
    {"it_project_manager", "project_manager", "it_program_manager", "it_portfolio_manager"}
)
_USERS = _MANAGERS | {"it_project_user", "project_user"}
_DEMANDS = frozenset({"it_demand_manager", "demand_manager", *_MANAGERS})
_DEMAND_USERS = _DEMANDS | _USERS | {"it_demand_user", "demand_user"}


def rules(_: Switches) -> Sequence[BusinessRule]:
    """By the order they run in."""
    return (
        rule("Set top task", _TASK, _set_top, order=60, on=ON_INSERT),
        rule("Complete project task", _TASK, _complete, order=210),
        rule("Roll up to the project", _TASK, _roll_up, order=500, after=True),
    )


def acls(_: Switches) -> Sequence[Acl]:
    """Project users work on tasks, managers on everything; demands have people of their own."""
    makers = {
        "pm_portfolio": (_USERS, _MANAGERS, _MANAGERS),
        "pm_program": (_USERS, _MANAGERS, _MANAGERS),
        "pm_project": (_USERS, _MANAGERS, _MANAGERS),
        "pm_project_task": (_USERS, _MANAGERS, _USERS),
        "planned_task": (_USERS, _MANAGERS, _USERS),
        "dmn_demand": (_DEMAND_USERS, _DEMAND_USERS, _DEMANDS),
    }
    return tuple(
        Acl(table=table, operation=operation, roles=roles)
        for table, (readers, creators, writers) in makers.items()
        for operation, roles in (
            (READ, readers),
            (CREATE, creators),
            (WRITE, writers),
            (DELETE, _DEMANDS if table == "dmn_demand" else _MANAGERS),
        )
    )


def _set_top(change: Change) -> None:
    """A task hangs below a project, directly or below another task of it."""
    parent = change.records.row("planned_task", change.get("parent"))
    if parent is not None and not change.get("top_task"):
        change.set("top_task", parent["top_task"] or parent["sys_id"])
        change.set("level", str(int(parent["level"] or 0) + 1))


def _complete(change: Change) -> None:
    if change.changes_to("state", _COMPLETE):
        change.set("percent_complete", "100.0")
        change.set("work_end", change.get("work_end") or change.at)
    elif change.changes_to("state", _WORKING) and not change.get("work_start"):
        change.set("work_start", change.at)


def _roll_up(change: Change) -> None:
    """A project is as complete as its tasks are on average, and begins with the first."""
    project = change.records.row("pm_project", change.get("top_task"))
    changed = change.changes("percent_complete") or change.changes("state")
    if project is None or not changed:
        return
    tasks = change.records.query(_TASK, f"top_task={project['sys_id']}")
    average = sum(float(task["percent_complete"] or 0) for task in tasks) / len(tasks)
    values = {"percent_complete": str(round(average, 2))}
    if change.get("state") == _WORKING and project["state"] in _PENDING:
        values |= {"state": _WORKING, "work_start": change.at}
    change.records.update("pm_project", project["sys_id"], values)


AREA = Area(
    name="projects",
    tables=PROJECT_TABLES,
    choices=CHOICES,
    rules=rules,
    acls=acls,
    plugin="com.snc.project_management_v3",
)
