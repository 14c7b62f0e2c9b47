"""The scheduled job that closes what has been resolved for long enough."""

from contextlib import suppress
from datetime import datetime, timedelta

from simulator.errors import Refusal
from simulator.jobs import Job
from simulator.moments import as_moment
from simulator.records.rules import Records

DAYS = "glide.ui.autoclose.time"
_AT_A_TIME = 200
_LONGEST = 36_500


def autoclose(records: Records, now: datetime) -> None:
    """Close incidents resolved before so many days; without the property, none."""
    text = records.property(DAYS)
    days = int(text) if text.isdecimal() else 0
    if not 0 < days <= _LONGEST:
        return
    then = as_moment(now - timedelta(days=days))
    query = f"state=6^resolved_at<={then}^resolved_atISNOTEMPTY"
    for row in records.query("incident", query, limit=_AT_A_TIME):
        note = f"Incident automatically closed after {days} days in the Resolved state."
        closing = {"state": "7", "comments": note}
        # One that a rule or a policy keeps open must not keep the others open too.
        with suppress(Refusal):
            records.update("incident", row["sys_id"], closing, run_rules=True)


JOBS = (Job(name="Autoclose Incidents", every=timedelta(hours=1), action=autoclose),)
