"""`problem` and its tasks."""

from simulator.schema import (
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
)

PROBLEM = Table(
    name="problem",
    label="Problem",
    extends="task",
    prefix="PRB",
    fields=(
        number("state", "State", default="101", choices=True, indexed=True),
        number("problem_state", "Problem state", default="101", choices=True),
        choice("resolution_code", "Resolution code"),
        choice("category", "Category"),
        choice("subcategory", "Subcategory"),
        boolean("known_error", "Known error"),
        boolean("major_problem", "Major problem"),
        number("related_incidents", "Related Incidents", default="0"),
        reference("first_reported_by_task", "Origin task", "task"),
        reference("duplicate_of", "Duplicate of", "problem"),
        reference("rfc", "Change request", "change_request"),
        text("workaround", "Workaround", length=4000),
        boolean("workaround_applied", "Workaround applied"),
        reference("workaround_communicated_by", "Workaround communicated by", "sys_user"),
        moment("workaround_communicated_at", "Workaround communicated at"),
        text("cause_notes", "Cause notes", length=4000),
        text("fix_notes", "Fix notes", length=4000),
        reference("fix_communicated_by", "Fix communicated by", "sys_user"),
        moment("fix_communicated_at", "Fix communicated at"),
        reference("confirmed_by", "Confirmed by", "sys_user"),
        moment("confirmed_at", "Confirmed"),
        reference("fix_by", "Fix by", "sys_user"),
        moment("fix_at", "Fix at"),
        reference("resolved_by", "Resolved by", "sys_user"),
        moment("resolved_at", "Resolved", indexed=True),
        reference("reopened_by", "Re-analyzed by", "sys_user"),
        moment("reopened_at", "Re-analyzed at"),
        number("reopen_count", "Re-analyze count", default="0"),
        choice("review_outcome", "Review outcome"),
    ),
)

PROBLEM_TASK = Table(
    name="problem_task",
    label="Problem Task",
    extends="task",
    prefix="PTASK",
    fields=(
        number("state", "State", default="151", choices=True, indexed=True),
        reference("problem", "Problem", "problem", indexed=True),
        choice("problem_task_type", "Type", default="general"),
        choice("close_code", "Close code"),
        choice("cause_code", "Cause code"),
        text("cause_notes", "Cause notes", length=4000),
        text("workaround", "Workaround", length=4000),
        moment("started_at", "Started at"),
        reference("started_by", "Started by", "sys_user"),
        reference("reopened_by", "Re-assessed by", "sys_user"),
        moment("reopened_at", "Re-assessed at"),
        number("reopen_count", "Re-assess count", default="0"),
    ),
)

PROBLEM_TABLES = (PROBLEM, PROBLEM_TASK)
