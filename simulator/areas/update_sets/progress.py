"""The progress of what a pipeline started: rows of `sys_execution_tracker`.

The work itself is done when it is started; its end is told later, as real work takes time: the
first time somebody asks it runs, the next time, or two seconds after the start, it has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from simulator.instance import Instance

PENDING, RUNNING, SUCCESSFUL, FAILED = "0", "1", "2", "3"

_TRACKER = "sys_execution_tracker"
_TAKES = timedelta(seconds=2)
_LABELS = {PENDING: "Pending", RUNNING: "Running", SUCCESSFUL: "Successful", FAILED: "Failed"}
_PERCENT = {RUNNING: 50, SUCCESSFUL: 100, FAILED: 100}

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How some work ended; `error` empty: well. `made` is the sys_id of what it made, if any."""

    message: str = ""
    error: str = ""
    table: str = ""
    made: str = ""


def begin(instance: Instance, name: str, outcome: Outcome, *, by: str) -> Row:
    """Note some work that is to end so; `by` is the sys_id of who started it."""
    sys_id = instance.insert(
        _TRACKER,
        {
            "name": name,
            "source": outcome.made,
            "source_table": outcome.table,
            "start_time": instance.now(),
            "result": orjson.dumps({"message": outcome.message, "error": outcome.error}).decode(),
        },
        as_user=by,
    )
    return instance.row(_TRACKER, sys_id) or {}


def advanced(instance: Instance, sys_id: str) -> Row | None:
    """The tracker, one step on, as whoever asks finds it; None: there is none."""
    row = instance.row(_TRACKER, sys_id)
    if row is None or row["state"] in (SUCCESSFUL, FAILED):
        return row
    if row["state"] == PENDING and not _has_had_time(instance, row):
        instance.update(_TRACKER, sys_id, {"state": RUNNING, "percent_complete": "50"})
    else:
        told = _told(row)
        instance.update(
            _TRACKER,
            sys_id,
            {
                "state": FAILED if told["error"] else SUCCESSFUL,
                "percent_complete": "100",
                "message": told["error"] or told["message"],
                "completion_time": instance.now(),
            },
        )
    return instance.row(_TRACKER, sys_id)


def shown(row: Row, *, host: str) -> dict[str, object]:
    """The body that all calls of pipelines answer with."""
    sys_id, state = row["sys_id"], row["state"]
    links = {"progress": {"id": sys_id, "url": f"{host}/api/sn_cicd/progress/{sys_id}"}}
    if state == SUCCESSFUL and row["source"]:
        address = f"{host}/api/now/table/{row['source_table']}/{row['source']}"
        links["results"] = {"id": row["source"], "url": address}
    return {
        "links": links,
        "status": state,
        "status_label": _LABELS.get(state, ""),
        "status_message": row["message"],
        "status_detail": row["detail_message"],
        "error": row["message"] if state == FAILED else "",
        "percent_complete": _PERCENT.get(state, 0),
    }


def _told(row: Row) -> dict[str, str]:
    try:
        told = orjson.loads(row["result"])
    except orjson.JSONDecodeError:
        told = {}
    known = told if isinstance(told, dict) else {}
    return {name: str(known.get(name, "")) for name in ("message", "error")}


def _has_had_time(instance: Instance, row: Row) -> bool:
    try:
        started = datetime.fromisoformat(row["start_time"])
    except ValueError:
        return True
    return instance.clock().replace(tzinfo=None) >= started + _TAKES
