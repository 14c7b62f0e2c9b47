"""Traces of the demo's work: events, scheduled jobs, sessions, requests, changes of incidents."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import person_id

Values = dict[str, str]

# name, trigger type, the interval it repeats in, minutes until it runs next
_JOBS = (
    ("events process", "1", "1970-01-01 00:00:30", 1),
    ("Email Reader", "1", "1970-01-01 00:02:00", 2),
    ("SMTP Sender", "1", "1970-01-01 00:01:00", 1),
    ("Autoclose incidents", "1", "1970-01-01 01:00:00", 40),
    ("SLA update (breach within 10 minutes)", "1", "1970-01-01 00:01:00", 1),
    ("SLA update (breach within 1 day)", "1", "1970-01-01 01:00:00", 25),
    ("Clean up old sessions", "2", "", 700),
)
# user name, hours since they signed in, hours since their last call, how they came
_SESSIONS = (
    ("admin", 5, 1, "Mozilla/5.0 (X11; Linux x86_64)"),
    ("beth.anglin", 3, 0, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"),
    ("fred.luddy", 26, 25, "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"),
)
_REQUESTS = (
    ("GET", "/api/now/table/incident", "200", 42),
    ("GET", "/api/now/table/sys_user", "200", 18),
    ("PATCH", "/api/now/table/incident", "200", 96),
    ("POST", "/api/now/table/incident", "201", 131),
)
_STATES = {"6": ("1", "2", "6"), "7": ("1", "2", "6", "7")}
_AUDITED = 15


def plant_traces(instance: Instance) -> None:
    """Insert them, counted back from the clock of the instance."""
    now = instance.clock()
    incidents = instance.query("incident", "stateIN6,7^ORDERBYnumber", limit=_AUDITED)
    instance.insert_many("sys_trigger", _triggers(now))
    instance.insert_many("sys_user_session", _sessions(now))
    instance.insert_many("syslog_transaction", _transactions(now))
    instance.insert_many("sysevent", _events(incidents))
    instance.insert_many("sys_audit", _audit(incidents))


def _triggers(now: datetime) -> Iterator[Values]:
    for name, kind, repeat, minutes in _JOBS:
        yield {
            "sys_id": stable_sys_id("sys_trigger", name),
            "name": name,
            "state": "0",
            "trigger_type": kind,
            "repeat": repeat,
            "next_action": as_moment(now + timedelta(minutes=minutes)),
            "system_id": "ACTIVE NODES",
        }


def _sessions(now: datetime) -> Iterator[Values]:
    for user_name, started, used, agent in _SESSIONS:
        yield {
            "sys_id": stable_sys_id("sys_user_session", user_name),
            "id": stable_sys_id("session", user_name).upper(),
            "name": user_name,
            "user": person_id(user_name),
            "started": as_moment(now - timedelta(hours=started)),
            "last_accessed": as_moment(now - timedelta(hours=used)),
            "client_ip": "203.0.113.20",
            "user_agent": agent,
        }


def _transactions(now: datetime) -> Iterator[Values]:
    for at, (method, url, status, length) in enumerate(_REQUESTS, start=1):
        yield {
            "sys_id": stable_sys_id("syslog_transaction", str(at)),
            "sys_created_on": as_moment(now - timedelta(minutes=7 * at)),
            "sys_created_by": "beth.anglin",
            "url": url,
            "table": url.rpartition("/")[2],
            "type": "rest",
            "http_method": method,
            "http_status": status,
            "response_time": str(length),
            "sql_count": str(length // 4),
            "remote_ip": "203.0.113.20",
        }


def _events(incidents: list[Values]) -> Iterator[Values]:
    for row in incidents:
        at = row["resolved_at"] or row["sys_updated_on"]
        yield {
            "sys_id": stable_sys_id("sysevent", row["sys_id"]),
            "name": "incident.resolved",
            "state": "processed",
            "table": "incident",
            "instance": row["sys_id"],
            "parm1": row["caller_id"],
            "user_name": row["sys_updated_by"],
            "process_on": at,
            "processed": at,
            "sys_created_on": at,
        }


def _audit(incidents: list[Values]) -> Iterator[Values]:
    """The states that incidents have gone through, until the last of them."""
    for row in incidents:
        states = _STATES[row["state"]]
        times = [row["opened_at"], row["resolved_at"], row["closed_at"]]
        for update, (before, after) in enumerate(pairwise(states), start=1):
            at = times[update - 1] or row["sys_updated_on"]
            yield {
                "sys_id": stable_sys_id("sys_audit", row["sys_id"], after),
                "tablename": "incident",
                "documentkey": row["sys_id"],
                "fieldname": "state",
                "oldvalue": before,
                "newvalue": after,
                "user": row["sys_updated_by"],
                "record_checkpoint": str(update),
                "sys_created_on": at,
                "sys_created_by": row["sys_updated_by"],
            }
