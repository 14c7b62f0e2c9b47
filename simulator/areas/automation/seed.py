"""Demo data: scripts, jobs, workflows, flows, mail and logs of a small service desk."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from simulator.areas.automation.examples import CONFIGURATION
from simulator.areas.automation.traces import plant_traces
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed.ids import person_id

_LOGS = (
    ("0", "com.glide.ui.ServletErrorListener", "Instance started"),
    ("0", "Scheduled Job", "Autoclose incidents: 3 records closed"),
    ("1", "Email Sender", "No SMTP server answers, the mail stays in the outbox"),
    ("2", "Evaluator", "org.mozilla.javascript.EcmaError: 'gr' is not defined"),
)


def plant(instance: Instance) -> None:
    """What configures the demo instance, and some traces of its work."""
    for table, rows in CONFIGURATION.items():
        instance.insert_many(table, [_identified(table, row) for row in rows])
    _plant_executions(instance)
    _plant_mail(instance)
    _plant_logs(instance)
    plant_traces(instance)


def example_id(table: str, name: str) -> str:
    """The sys_id of a row of the examples."""
    return stable_sys_id(table, name)


def _identified(table: str, row: Mapping[str, str]) -> dict[str, str]:
    name = row.get("name") or row.get("title") or row.get("short_description") or str(dict(row))
    return {"sys_id": row.get("sys_id") or example_id(table, name), **row}


def _ago(instance: Instance, **length: int) -> str:
    return as_moment(instance.clock() - timedelta(**length))


def _plant_executions(instance: Instance) -> None:
    """A workflow and a flow that ran for incidents."""
    incidents = instance.query("incident", "ORDERBYnumber", limit=4)
    for hours, row in enumerate(incidents, start=2):
        started = _ago(instance, hours=hours)
        context = {
            "sys_id": stable_sys_id("sys_flow_context", row["sys_id"]),
            "name": "Notify the caller of a resolution",
            "flow": example_id("sys_hub_flow", "Notify the caller of a resolution"),
            "source_table": "incident",
            "source_record": row["sys_id"],
            "state": "COMPLETE",
            "run_time_start": started,
            "run_time": str(120 + hours * 7),
            "sys_created_on": started,
        }
        instance.insert("sys_flow_context", context)
        workflow = {
            "sys_id": stable_sys_id("wf_context", row["sys_id"]),
            "name": "Escalate a critical incident",
            "workflow_version": example_id("wf_workflow_version", "Escalate a critical incident"),
            "table": "incident",
            "id": row["sys_id"],
            "state": "finished",
            "active": "false",
            "started": started,
            "ended": _ago(instance, hours=hours - 1),
            "started_by": person_id("beth.anglin"),
            "result": "success",
            "sys_created_on": started,
        }
        instance.insert("wf_context", workflow)


def _plant_mail(instance: Instance) -> None:
    incidents = instance.query("incident", "ORDERBYnumber", limit=3)
    for hours, row in enumerate(incidents, start=1):
        sent = _ago(instance, hours=hours)
        mail = {
            "sys_id": stable_sys_id("sys_email", row["number"]),
            "type": "sent",
            "state": "processed",
            "mailbox": "sent",
            "subject": f"Incident {row['number']} has been opened on your behalf",
            "recipients": "abel.tuter@example.com",
            "target_table": "incident",
            "instance": row["sys_id"],
            "body": f"<p>Your incident {row['number']} is being looked at.</p>",
            "body_text": f"Your incident {row['number']} is being looked at.",
            "sys_created_on": sent,
            "sent_timestamp": sent,
        }
        instance.insert("sys_email", mail)


def _plant_logs(instance: Instance) -> None:
    rows: Sequence[dict[str, str]] = [
        {
            "sys_id": stable_sys_id("syslog", message),
            "level": level,
            "source": source,
            "message": message,
            "sys_created_on": _ago(instance, minutes=10 * at),
        }
        for at, (level, source, message) in enumerate(_LOGS, start=1)
    ]
    instance.insert_many("syslog", rows)
