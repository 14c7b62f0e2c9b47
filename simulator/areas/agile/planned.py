"""Planned tasks: what stories and projects have in common, with whichever plugin they come."""

from simulator.area import Area
from simulator.schema import (
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

PLANNED_TASK = Table(
    name="planned_task",
    label="Planned Task",
    extends="task",
    prefix="PTSK",
    fields=(
        moment("start_date", "Planned start date"),
        moment("end_date", "Planned end date"),
        moment("original_start_date", "Original start date"),
        moment("original_end_date", "Original end date"),
        typed("duration", "Planned duration", "glide_duration"),
        typed("effort", "Planned effort", "glide_duration"),
        typed("remaining_duration", "Remaining duration", "glide_duration"),
        typed("remaining_effort", "Remaining effort", "glide_duration"),
        typed("work_duration", "Actual duration", "glide_duration"),
        typed("work_effort", "Actual effort", "glide_duration"),
        typed("percent_complete", "Percent complete", "float", default="0.0"),
        choice("time_constraint", "Time constraint", default="asap"),
        choice("calculation_type", "Calculation", default="automatic"),
        reference("top_task", "Top task", "planned_task"),
        text("wbs", "WBS"),
        number("wbs_order", "WBS Order"),
        number("level", "Level", default="0"),
        boolean("milestone", "Milestone"),
        boolean("key_milestone", "Key milestone"),
        boolean("critical_path", "Critical path"),
        boolean("rollup", "Rollup"),
        boolean("has_conflict", "Has conflict"),
        typed("cost", "Estimated cost", "currency"),
        typed("work_cost", "Actual cost", "currency"),
    ),
)

AREA = Area(
    name="planned_tasks",
    tables=(PLANNED_TASK,),
    choices={
        ("planned_task", "time_constraint"): {
            "asap": "Start ASAP",
            "start_on": "Start on specific date",
        },
        ("planned_task", "calculation_type"): {
            "automatic": "Automatic",
            "manual": "Manual",
        },
    },
)
