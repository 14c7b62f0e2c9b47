"""`incident`."""

from simulator.schema import (
    Table,
    choice,
    moment,
    number,
    reference,
    text,
)

INCIDENT = Table(
    name="incident",
    label="Incident",
    extends="task",
    prefix="INC",
    fields=(
        reference("caller_id", "Caller", "sys_user", indexed=True),
        choice("category", "Category", default="inquiry"),
        choice("subcategory", "Subcategory"),
        number("incident_state", "Incident state", default="1", choices=True),
        number("severity", "Severity", default="3", choices=True),
        choice("notify", "Notify", default="1"),
        choice("close_code", "Resolution code"),
        number("hold_reason", "On hold reason", choices=True),
        reference("resolved_by", "Resolved by", "sys_user"),
        moment("resolved_at", "Resolved", indexed=True),
        reference("reopened_by", "Last reopened by", "sys_user"),
        moment("reopened_time", "Last reopened at"),
        number("reopen_count", "Reopen count", default="0"),
        number("child_incidents", "Child Incidents", default="0"),
        number("business_stc", "Business resolve time"),
        number("calendar_stc", "Resolve time"),
        text("cause", "Probable cause", length=4000),
        reference("caused_by", "Caused by Change", "change_request"),
        reference("parent_incident", "Parent Incident", "incident", indexed=True),
        reference("problem_id", "Problem", "problem"),
        reference("rfc", "Change Request", "change_request"),
        text("origin_table", "Origin table", length=80),
        text("origin_id", "Origin", length=32),
    ),
)
