"""Rows of the demo's projects, their tasks, and what might become a project."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.areas.agile.demo_backlog import DEMANDS, PROJECTS
from simulator.data.dictionary_rows import FIRST_NUMBER
from simulator.data.sys_ids import stable_sys_id
from simulator.moments import as_moment
from simulator.seed.ids import person_id

Values = dict[str, str]

_CLOSED = "3"
_PORTFOLIO = stable_sys_id("pm_portfolio", "IT")
_PROGRAM = stable_sys_id("pm_program", "Modern workplace")


def rows(moment: datetime) -> Iterator[tuple[str, list[Values]]]:
    """Tables and their rows, in an order in which what is referred to is there before."""
    manager = {"portfolio_manager": person_id("fred.luddy")}
    yield "pm_portfolio", [{"sys_id": _PORTFOLIO, "name": "IT portfolio"} | manager]
    yield "pm_program", [_program(moment)]
    yield "pm_project", [_project(place, moment=moment) for place in range(len(PROJECTS))]
    yield "pm_project_task", list(_tasks(moment))
    yield "dmn_demand", [_demand(place, moment=moment) for place in range(len(DEMANDS))]


def _task(table: str, prefix: str, place: int, *, opened: datetime, by: str) -> Values:
    number = f"{prefix}{FIRST_NUMBER + 1 + place:07d}"
    return {
        "sys_id": stable_sys_id(table, str(place)),
        "sys_class_name": table,
        "number": number,
        "task_effective_number": number,
        "opened_at": as_moment(opened),
        "opened_by": person_id(by),
        "sys_created_on": as_moment(opened),
        "sys_created_by": by,
        "sys_updated_on": as_moment(opened),
        "sys_updated_by": by,
    }


def _program(moment: datetime) -> Values:
    opened = moment - timedelta(days=220)
    return _task("pm_program", "PROG", 0, opened=opened, by="fred.luddy") | {
        "sys_id": _PROGRAM,
        "short_description": "Modern workplace",
        "state": "2",
        "program_manager": person_id("fred.luddy"),
        "primary_portfolio": _PORTFOLIO,
        "start_date": as_moment(opened),
        "end_date": as_moment(moment + timedelta(days=300)),
    }


def _project(place: int, *, moment: datetime) -> Values:
    name, state, phase, manager, starts, days, tasks = PROJECTS[place]
    start = moment + timedelta(days=starts)
    closed = state == _CLOSED
    end = start + timedelta(days=days)
    average = sum(percent for _, _, percent in tasks) / len(tasks)
    opened = min(start, moment) - timedelta(days=20)
    return _task("pm_project", "PRJ", place, opened=opened, by=manager) | {
        "short_description": name,
        "state": state,
        "active": "false" if closed else "true",
        "phase": phase,
        "status": "green",
        "project_manager": person_id(manager),
        "assigned_to": person_id(manager),
        "primary_program": _PROGRAM,
        "primary_portfolio": _PORTFOLIO,
        "start_date": as_moment(start),
        "end_date": as_moment(end),
        "work_start": as_moment(start) if starts < 0 else "",
        "work_end": as_moment(end) if closed else "",
        "closed_at": as_moment(end) if closed else "",
        "closed_by": person_id(manager) if closed else "",
        "percent_complete": str(round(average, 2)),
    }


def _tasks(moment: datetime) -> Iterator[Values]:
    place = 0
    for of, (_, _, _, manager, starts, days, tasks) in enumerate(PROJECTS):
        length = timedelta(days=days / len(tasks))
        for order, (name, state, percent) in enumerate(tasks):
            start = moment + timedelta(days=starts) + order * length
            opened = moment - timedelta(days=max(-starts, 0) + 10)
            project = stable_sys_id("pm_project", str(of))
            yield _task("pm_project_task", "PRJTASK", place, opened=opened, by=manager) | {
                "short_description": name,
                "state": state,
                "active": "false" if state == _CLOSED else "true",
                "parent": project,
                "top_task": project,
                "level": "1",
                "wbs": str(order + 1),
                "wbs_order": str(order + 1),
                "percent_complete": str(float(percent)),
                "start_date": as_moment(start),
                "end_date": as_moment(start + length),
                "closed_at": as_moment(start + length) if state == _CLOSED else "",
            }
            place += 1


def _demand(place: int, *, moment: datetime) -> Values:
    subject, state, kind = DEMANDS[place]
    opened = moment - timedelta(days=15 + place)
    return _task("dmn_demand", "DMND", place, opened=opened, by="noah.fischer") | {
        "short_description": subject,
        "state": state,
        "type": kind,
        "submitter": person_id("noah.fischer"),
        "demand_manager": person_id("fred.luddy"),
        "portfolio": _PORTFOLIO,
    }
