"""`change_request`."""

from simulator.schema import (
    Table,
    choice,
    moment,
    number,
    reference,
    text,
)

CHANGE_REQUEST = Table(
    name="change_request",
    label="Change Request",
    extends="task",
    prefix="CHG",
    fields=(
        choice("type", "Type", default="normal"),
        number("risk", "Risk", default="3", choices=True),
        reference("requested_by", "Requested by", "sys_user"),
        text("justification", "Justification", length=4000),
        text("implementation_plan", "Implementation plan", length=4000),
        text("backout_plan", "Backout plan", length=4000),
        text("test_plan", "Test plan", length=4000),
        moment("start_date", "Planned start date"),
        moment("end_date", "Planned end date"),
    ),
)
