"""`change_request` and its tasks."""

from simulator.schema import (
    Field,
    Table,
    boolean,
    choice,
    date,
    moment,
    number,
    reference,
    text,
)

_PLANS = (
    text("justification", "Justification", length=4000),
    text("implementation_plan", "Implementation plan", length=4000),
    text("risk_impact_analysis", "Risk and impact analysis", length=4000),
    text("backout_plan", "Backout plan", length=4000),
    text("test_plan", "Test plan", length=4000),
    text("change_plan", "Change plan", length=4000),
)

_SCHEDULE = (
    moment("requested_by_date", "Requested by date"),
    moment("start_date", "Planned start date"),
    moment("end_date", "Planned end date"),
    boolean("outside_maintenance_schedule", "Outside maintenance schedule"),
    choice("conflict_status", "Conflict status", default="Not Run"),
    moment("conflict_last_run", "Conflict last run"),
)

_BOARD = (
    boolean("cab_required", "CAB required"),
    date("cab_date", "CAB date"),
    moment("cab_date_time", "CAB date/time"),
    reference("cab_delegate", "CAB delegate", "sys_user"),
    text("cab_recommendation", "CAB recommendation", length=4000),
)

_HOLD: tuple[Field, ...] = (
    boolean("on_hold", "On hold"),
    text("on_hold_reason", "On hold reason", length=4000),
)

_REVIEW = (
    number("review_status", "Review status", choices=True),
    date("review_date", "Review date"),
    text("review_comments", "Review comments", length=4000),
)

_HELD_TASKS = Field(
    name="on_hold_task",
    label="On hold Change Tasks",
    type="glide_list",
    reference="change_task",
    length=4000,
)

CHANGE_REQUEST = Table(
    name="change_request",
    label="Change Request",
    extends="task",
    prefix="CHG",
    fields=(
        number("state", "State", default="-5", choices=True, indexed=True),
        choice("type", "Type", default="normal"),
        reference("chg_model", "Model", "chg_model"),
        choice("category", "Category", default="Other"),
        choice("phase", "Phase", default="requested"),
        choice("phase_state", "Phase state", default="open"),
        choice("reason", "Reason"),
        number("scope", "Scope", default="3", choices=True),
        number("risk", "Risk", default="3", choices=True),
        number("risk_value", "Risk value"),
        reference("requested_by", "Requested by", "sys_user"),
        boolean("production_system", "Production system"),
        boolean("unauthorized", "Unauthorized"),
        boolean("is_bulk", "Is bulk"),
        text("ci_class", "CI class", length=80, default="cmdb_ci"),
        reference(
            "std_change_producer_version",
            "Standard Change Template version",
            "std_change_producer_version",
        ),
        reference("copied_from", "Copied from", "change_request"),
        text("proposed_change", "Proposed change", length=4000),
        choice("close_code", "Close code"),
        _HELD_TASKS,
        *_PLANS,
        *_SCHEDULE,
        *_BOARD,
        *_HOLD,
        *_REVIEW,
    ),
)

CHANGE_TASK = Table(
    name="change_task",
    label="Change Task",
    extends="task",
    prefix="CTASK",
    fields=(
        reference("change_request", "Change request", "change_request", indexed=True),
        choice("change_task_type", "Type"),
        moment("planned_start_date", "Planned start date"),
        moment("planned_end_date", "Planned end date"),
        choice("close_code", "Close code"),
        choice("created_from", "Created from", default="manual"),
        *_HOLD,
    ),
)

CHANGE_TABLES = (CHANGE_REQUEST, CHANGE_TASK)
