"""Work that an API starts and a client asks about later: rows of `chg_mgt_worker`.

The work itself is done at once; that it takes time is what the client is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from simulator.instance import Instance

WAITING, IN_PROGRESS, COMPLETE, ERROR = "1", "2", "3", "4"
_TABLE = "chg_mgt_worker"


@dataclass(kw_only=True)
class Outcome:
    """What a worker has to say in the end: messages, and the result of its work."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: dict[str, object] | None = None

    def messages(self) -> dict[str, list[str]]:
        """By the names the API gives them."""
        return {
            "errorMessages": self.errors,
            "warningMessages": self.warnings,
            "infoMessages": self.notes,
        }


def start(
    instance: Instance, kind: str, request: Mapping[str, object], *, outcome: Outcome, task: str
) -> str:
    """Note work that has been given to a worker; its sys_id. `task` is what it is about."""
    return instance.insert(
        _TABLE,
        {
            "type": kind,
            "state": WAITING,
            "request": orjson.dumps(dict(request)).decode() if request else "",
            "messages": orjson.dumps(outcome.messages()).decode(),
            "payload": orjson.dumps(outcome.found).decode() if outcome.found else "",
            "task": task,
        },
    )


def is_running(instance: Instance, row: Mapping[str, str]) -> bool:
    """Whether the time that work takes on this instance has not passed yet."""
    began = datetime.fromisoformat(row["sys_created_on"]).replace(tzinfo=UTC)
    passed = (instance.clock() - began).total_seconds()
    return row["canceled"] != "true" and passed < instance.switches.change_worker_seconds


def state_of(instance: Instance, row: Mapping[str, str]) -> str:
    """In-Progress until its time has passed, then Complete, or Error if it found any."""
    if is_running(instance, row):
        return IN_PROGRESS
    return ERROR if orjson.loads(row["messages"])["errorMessages"] else COMPLETE


def started(instance: Instance, sys_id: str, *, host: str) -> dict[str, object]:
    """The answer to the request that started a worker: it waits, and has nothing to say yet."""
    row = instance.row(_TABLE, sys_id) or {}
    return _shown(instance, row, WAITING, host=host) | {"messages": Outcome().messages()}


def progress(instance: Instance, row: Mapping[str, str], *, host: str) -> dict[str, object]:
    """The answer to a request about a worker."""
    state = state_of(instance, row)
    shown = _shown(instance, row, state, host=host)
    if state == IN_PROGRESS:
        return shown | {"messages": Outcome().messages()}
    shown["messages"] = orjson.loads(row["messages"])
    if row["payload"]:
        shown["payload"] = orjson.loads(row["payload"])
    return shown


def _shown(
    instance: Instance, row: Mapping[str, str], state: str, *, host: str
) -> dict[str, object]:
    labels = instance.choices.labels(_TABLE, "state")
    return {
        "worker": {
            "sysId": row["sys_id"],
            "link": f"{host}/api/sn_chg_rest/change/worker/{row['sys_id']}",
        },
        "request": row["request"],
        "state": {"value": int(state), "display_value": labels.get(state, state)},
        "type": row["type"],
    }
