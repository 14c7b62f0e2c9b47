"""`problem`."""

from simulator.schema import (
    Table,
    boolean,
    choice,
    text,
)

PROBLEM = Table(
    name="problem",
    label="Problem",
    extends="task",
    prefix="PRB",
    fields=(
        boolean("known_error", "Known error"),
        text("workaround", "Workaround", length=4000),
        text("cause_notes", "Cause notes", length=4000),
        text("fix_notes", "Fix notes", length=4000),
        choice("resolution_code", "Resolution code"),
    ),
)
