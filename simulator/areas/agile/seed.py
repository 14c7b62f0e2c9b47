"""Demo data of agile development: its people, its backlog, its sprints."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.agile import demo_projects
from simulator.areas.agile.demo_backlog import (
    DEFECTS,
    EPICS,
    GIVEN,
    PRODUCTS,
    ROLES,
    SPRINTS,
    STORIES,
    THEMES,
)
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import group_id, person_id

Values = dict[str, str]

_SPRINT_DAYS = 14
_DONE = ("3", "4")
_PLANNED = {"1": "0.0", "3": "100.0"}


def plant(instance: Instance) -> None:
    """Insert them and the projects, and count on from the last numbers."""
    moment = instance.clock()
    for table, rows in (*_people(), *_backlog(moment), *demo_projects.rows(moment)):
        numbered = [row for row in rows if row.get("number")]
        instance.insert_many(table, rows)
        if numbered:
            last = {"number": str(FIRST_NUMBER + len(numbered))}
            instance.update("sys_number", stable_sys_id("sys_number", _counter(table)), last)


def _counter(table: str) -> str:
    return "rm_release" if table == "rm_release_scrum" else table


def _people() -> Iterator[tuple[str, list[Values]]]:
    yield "sys_user_role", [{"sys_id": _role_id(name), "name": name} for name in ROLES]
    yield (
        "sys_user_role_contains",
        [
            {"role": _role_id(name), "contains": _role_id(within)}
            for name, contained in ROLES.items()
            for within in contained
        ],
    )
    yield (
        "sys_user_has_role",
        [
            {
                "sys_id": stable_sys_id("sys_user_has_role", name, role),
                "user": person_id(name),
                "role": _role_id(role),
            }
            for role, people in GIVEN.items()
            for name in people
        ],
    )


def _role_id(name: str) -> str:
    return stable_sys_id("sys_user_role", name)


def _backlog(moment: datetime) -> Iterator[tuple[str, list[Values]]]:
    yield "cmdb_application_product_model", [_product(*product) for product in PRODUCTS]
    yield (
        "scrum_theme",
        [
            {"sys_id": _id("scrum_theme", place), "short_description": name, "product": _at(of)}
            for place, (name, of) in enumerate(THEMES)
        ],
    )
    yield "rm_epic", [_epic(place, moment=moment) for place in range(len(EPICS))]
    yield "rm_release_scrum", [_release(moment)]
    yield "rm_sprint", [_sprint(place, moment=moment) for place in range(len(SPRINTS))]
    yield "rm_story", [_story(place, moment=moment) for place in range(len(STORIES))]
    yield "rm_scrum_task", list(_tasks(moment))
    yield "rm_defect", [_defect(place, moment=moment) for place in range(len(DEFECTS))]
    team = {"sys_id": _id("scrum_pp_team", 0), "name": "Portal team", "points": "25"}
    yield "scrum_pp_team", [team | {"assignment_group": group_id("Software")}]


def _id(table: str, place: int) -> str:
    return stable_sys_id(table, str(place))


def _at(place: int) -> str:
    return stable_sys_id("cmdb_application_product_model", PRODUCTS[place][0])


def _product(name: str, description: str, owner: str) -> Values:
    return {
        "sys_id": stable_sys_id("cmdb_application_product_model", name),
        "sys_class_name": "cmdb_application_product_model",
        "name": name,
        "short_description": description,
        "owner": person_id(owner),
    }


def _task(table: str, prefix: str, place: int, *, opened: datetime) -> Values:
    """What every numbered row of this demo has."""
    number = f"{prefix}{FIRST_NUMBER + 1 + place:07d}"
    return {
        "sys_id": _id(table, place),
        "sys_class_name": table,
        "number": number,
        "task_effective_number": number,
        "opened_at": as_moment(opened),
        "opened_by": person_id("noah.fischer"),
        "sys_created_on": as_moment(opened),
        "sys_created_by": "noah.fischer",
        "sys_updated_on": as_moment(opened),
        "sys_updated_by": "noah.fischer",
    }


def _epic(place: int, *, moment: datetime) -> Values:
    name, state, product, theme = EPICS[place]
    return _task("rm_epic", "EPIC", place, opened=moment - timedelta(days=60)) | {
        "short_description": name,
        "state": state,
        "product": _at(product),
        "theme": _id("scrum_theme", theme),
        "release": _id("rm_release_scrum", 0) if product == 0 else "",
    }


def _release(moment: datetime) -> Values:
    starts, ends = moment - timedelta(days=32), moment + timedelta(days=24)
    return _task("rm_release_scrum", "RLSE", 0, opened=starts) | {
        "short_description": "Customer Portal 4",
        "state": "2",
        "version": "4.0",
        "product": _at(0),
        "start_date": as_moment(starts),
        "end_date": as_moment(ends),
    }


def _sprint(place: int, *, moment: datetime) -> Values:
    name, state, days, group = SPRINTS[place]
    starts = moment + timedelta(days=days)
    points = [(row[1], row[4]) for row in STORIES if row[3] == place and row[4] != "4"]
    return _task("rm_sprint", "SPNT", place, opened=min(starts, moment)) | {
        "short_description": name,
        "state": state,
        "active": "false" if state in _DONE else "true",
        "assignment_group": group_id(group),
        "release": _id("rm_release_scrum", 0),
        "start_date": as_moment(starts),
        "end_date": as_moment(starts + timedelta(days=_SPRINT_DAYS)),
        "story_points": str(sum(number for number, _ in points)),
        "actual_points": str(sum(number for number, done in points if done == "3")),
        "group_capacity": "25",
    }


def _story(place: int, *, moment: datetime) -> Values:
    subject, points, epic, sprint, state, worker = STORIES[place]
    product, theme = EPICS[epic][2], EPICS[epic][3]
    starts = moment + timedelta(days=SPRINTS[sprint][2] if sprint >= 0 else -10)
    done = as_moment(starts + timedelta(days=place % 10 + 2)) if state in _DONE else ""
    return _task("rm_story", "STRY", place, opened=min(starts, moment) - timedelta(days=5)) | {
        "short_description": subject,
        "description": f"{subject}, so that nobody has to ask.",
        "acceptance_criteria": "It works, it is tested, it is written down.",
        "state": state,
        "active": "false" if done else "true",
        "closed_at": done,
        "closed_by": person_id(worker) if done else "",
        "story_points": str(points),
        "priority": str(place % 4 + 1),
        "percent_complete": _PLANNED.get(state, "0.0"),
        "epic": _id("rm_epic", epic),
        "theme": _id("scrum_theme", theme),
        "product": _at(product),
        "sprint": _id("rm_sprint", sprint) if sprint >= 0 else "",
        "release": _id("rm_release_scrum", 0) if sprint >= 0 else "",
        "assignment_group": group_id("Software") if product == 0 else "",
        "assigned_to": person_id(worker) if worker else "",
        "global_rank": str((place + 1) * 1000),
    }


def _tasks(moment: datetime) -> Iterator[Values]:
    """For each story that was begun one task to build it and one to test it."""
    begun = [place for place, row in enumerate(STORIES) if row[5] and row[4] != "4"]
    for order, place in enumerate(begun):
        for part, (name, kind) in enumerate((("Build it", "4"), ("Test it", "5"))):
            worker, done = STORIES[place][5], STORIES[place][4] == "3"
            hours = str(STORIES[place][1] * 2)
            at = moment - timedelta(days=3)
            yield _task("rm_scrum_task", "STSK", order * 2 + part, opened=at) | {
                "short_description": name,
                "type": kind,
                "story": _id("rm_story", place),
                "parent": _id("rm_story", place),
                "state": "3" if done else ("1" if part else "2"),
                "active": "false" if done else "true",
                "planned_hours": hours,
                "remaining_hours": "0" if done else hours,
                "actual_hours": hours if done else "0",
                "assigned_to": person_id(worker),
            }


def _defect(place: int, *, moment: datetime) -> Values:
    subject, severity, state = DEFECTS[place]
    return _task("rm_defect", "DFCT", place, opened=moment - timedelta(days=8)) | {
        "short_description": subject,
        "severity": severity,
        "state": state,
        "active": "false" if state in _DONE else "true",
        "product": _at(0),
        "assignment_group": group_id("Software"),
    }
