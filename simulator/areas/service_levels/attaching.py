"""Service levels follow their task: attached, paused, completed and cancelled by its changes."""

from collections.abc import Iterable
from datetime import datetime

from simulator.areas.service_levels.clocks import Clock
from simulator.areas.service_levels.schedules import Schedules
from simulator.areas.service_levels.stages import (
    CANCELLED,
    COMPLETED,
    DEFINITIONS,
    IN_PROGRESS,
    PAUSED,
    TASK_SLAS,
)
from simulator.areas.service_levels.telling import tell
from simulator.moments import as_moment, moment_of, seconds_of
from simulator.queries.matching import matches
from simulator.queries.parsing import Condition, Term, literal
from simulator.records.rules import Change, Moment, Records, Row

Values = dict[str, str]


def follow(change: Change) -> None:
    """After a task was written: what each definition for its table makes of it."""
    definitions = change.records.query(DEFINITIONS, f"active=true^collection={change.table}")
    if not definitions:
        return
    running: dict[str, Row] = {}
    if change.operation is Moment.UPDATE:
        rows = change.records.query(TASK_SLAS, f"task={change.sys_id}^active=true")
        running = {row["sla"]: row for row in rows}
    schedules = Schedules(change.records)
    for definition in definitions:
        _Step(change, definition, schedules).take(running.get(definition["sys_id"]))
    tell(change.records, change.sys_id, targets=targets_of(definitions))


def targets_of(definitions: Iterable[Row]) -> dict[str, str]:
    """What each definition of an SLA, not of an OLA, is about, by its sys_id."""
    return {row["sys_id"]: row["target"] for row in definitions if row["type"] == "SLA"}


def forget(change: Change) -> None:
    """After a task was deleted: its service levels are deleted too."""
    for row in change.records.query(TASK_SLAS, f"task={change.sys_id}"):
        change.records.delete(TASK_SLAS, row["sys_id"])


def clock_of(
    records: Records, schedules: Schedules, definition: Row, *, schedule: str, task: Row
) -> Clock:
    """The clock of a definition for a task, in the time zone that the definition names."""
    zone = definition["timezone"]
    if definition["timezone_source"] == "task.caller_id.time_zone":
        caller = records.row("sys_user", task.get("caller_id", ""))
        zone = (caller["time_zone"] if caller else "") or zone
    hours = schedules.hours(schedule, zone=zone)
    return Clock(hours=hours, allowed=seconds_of(definition["duration"]))


def miss(records: Records, definition: Row, task: str, *, as_user: str | None = None) -> None:
    """A breached SLA, not an OLA, is what `made_sla` of the task tells."""
    row = records.row("task", task)
    if definition["type"] == "SLA" and row is not None and row["made_sla"] == "true":
        records.update("task", task, {"made_sla": "false"}, as_user=as_user)


class _Step:
    """One definition and one write of a task."""

    def __init__(self, change: Change, definition: Row, schedules: Schedules) -> None:
        self._change = change
        self._definition = definition
        self._schedules = schedules

    def take(self, row: Row | None) -> None:
        """Attach it, or move what is attached to its next stage."""
        ends = self._ends() if row else ""
        if row and ends:
            self._end(row, ends)
        elif row and row["stage"] == IN_PROGRESS and self._holds("pause_condition"):
            self._pause(row)
        elif row and row["stage"] == PAUSED and self._resumes():
            self._resume(row)
        if (row is None or self._holds("reset_condition")) and self._starts():
            self._attach()

    def _ends(self) -> str:
        """The final stage of what is attached, or nothing while it goes on."""
        if self._holds("reset_condition"):
            return COMPLETED if self._definition["reset_action"] == "complete" else CANCELLED
        if self._holds("stop_condition"):
            return COMPLETED
        return CANCELLED if self._is_cancelled() else ""

    def _holds(self, name: str) -> bool:
        """Whether a condition is there and the task matches it."""
        condition, change = self._definition[name], self._change
        return bool(condition) and matches(
            change.values, condition, previous=change.previous, otherwise=self._asked
        )

    def _asked(self, term: Term) -> bool:
        """What the values of the task do not tell is asked of the database."""
        if not isinstance(term, Condition):
            return False
        asked = f"sys_id={self._change.sys_id}^{term.field}{term.operator}{literal(term.value)}"
        return bool(self._change.records.query(self._change.table, asked))

    def _starts(self) -> bool:
        if not self._holds("start_condition"):
            return False
        return not (self._holds("stop_condition") or self._is_cancelled())

    def _is_cancelled(self) -> bool:
        when = self._definition["when_to_cancel"]
        if when == "on_condition":
            return self._holds("cancel_condition")
        return when == "no_match" and not self._holds("start_condition")

    def _resumes(self) -> bool:
        if self._definition["when_to_resume"] == "on_condition":
            return self._holds("resume_condition")
        return not self._holds("pause_condition")

    def _now(self) -> datetime:
        now = moment_of(self._change.at)
        assert now is not None  # noqa: S101  # the instance writes its own time
        return now

    def _clock(self, schedule: str) -> Clock:
        change = self._change
        return clock_of(
            change.records,
            self._schedules,
            self._definition,
            schedule=schedule,
            task=change.values,
        )

    def _schedule(self) -> str:
        definition, source = self._definition, self._definition["schedule_source"]
        if source == "task_field":
            return self._change.get(definition["schedule_source_field"])
        return "" if source == "no_schedule" else definition["schedule"]

    def _attach(self) -> None:
        now, definition = self._now(), self._definition
        start = now
        if definition["retroactive"] == "true":
            start = moment_of(self._change.get(definition["set_start_to"] or "opened_at")) or now
        schedule = self._schedule()
        clock = self._clock(schedule)
        pauses = self._holds("pause_condition")
        planned = clock.planned_end(start, paused=0)
        row = {
            "task": self._change.sys_id,
            "sla": definition["sys_id"],
            "schedule": schedule,
            "timezone": definition["timezone"],
            "stage": PAUSED if pauses else IN_PROGRESS,
            "start_time": as_moment(start),
            "pause_time": as_moment(now) if pauses else "",
            "planned_end_time": planned,
            "original_breach_time": planned,
            "pause_duration": "",
            "business_pause_duration": "",
        }
        self._write(None, {**row, **clock.elapsed(row, at=now)})

    def _pause(self, row: Row) -> None:
        now = self._now()
        elapsed = self._clock(row["schedule"]).elapsed(row, at=now)
        self._write(row, {**elapsed, "stage": PAUSED, "pause_time": as_moment(now)})

    def _resume(self, row: Row) -> None:
        self._write(row, {**self._after_pause(row), "stage": IN_PROGRESS})

    def _end(self, row: Row, stage: str) -> None:
        now = self._now()
        values = self._after_pause(row) if row["stage"] == PAUSED else {}
        clock = self._clock(row["schedule"])
        values |= clock.elapsed({**row, **values}, at=now)
        self._write(row, {**values, "stage": stage, "end_time": as_moment(now), "active": "false"})

    def _after_pause(self, row: Row) -> Values:
        """Pauses put the breach off by as much as they took of the working time."""
        now, clock = self._now(), self._clock(row["schedule"])
        values = clock.paused(row, until=now)
        start = moment_of(row["start_time"]) or now
        paused = seconds_of(values["business_pause_duration"])
        values["planned_end_time"] = clock.planned_end(start, paused=paused)
        return values | clock.elapsed({**row, **values}, at=now)

    def _write(self, row: Row | None, values: Values) -> None:
        records = self._change.records
        if row is None:
            records.insert(TASK_SLAS, values, run_rules=True)
        else:
            records.update(TASK_SLAS, row["sys_id"], values, run_rules=True)
        breached = values.get("has_breached") == "true" and values.get("stage") != CANCELLED
        if breached and (row is None or row["has_breached"] != "true"):
            person = self._change.person
            acting = person.sys_id if person else None
            miss(records, self._definition, self._change.sys_id, as_user=acting)
