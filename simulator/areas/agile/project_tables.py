"""Projects, their tasks, programs, portfolios and demands."""

from simulator.schema import (
    SYSTEM_FIELDS,
    Table,
    boolean,
    choice,
    moment,
    number,
    reference,
    text,
    typed,
)

PORTFOLIO = Table(
    name="pm_portfolio",
    label="Portfolio",
    fields=(
        *SYSTEM_FIELDS,
        text("name", "Name", length=100, display=True),
        text("description", "Description", length=4000),
        boolean("active", "Active", default="true"),
        reference("portfolio_manager", "Portfolio manager", "sys_user"),
    ),
)

PROGRAM = Table(
    name="pm_program",
    label="Program",
    extends="planned_task",
    prefix="PROG",
    fields=(
        reference("program_manager", "Program manager", "sys_user"),
        reference("primary_portfolio", "Portfolio", "pm_portfolio"),
        text("goals", "Goals", length=4000),
    ),
)

PROJECT = Table(
    name="pm_project",
    label="Project",
    extends="planned_task",
    prefix="PRJ",
    fields=(
        number("state", "State", default="-5", choices=True, indexed=True),
        choice("phase", "Phase", default="initiating"),
        choice("status", "Status", default="none"),
        choice("execution_type", "Execution Type", default="waterfall"),
        reference("project_manager", "Project manager", "sys_user"),
        reference("primary_program", "Program", "pm_program"),
        reference("primary_portfolio", "Portfolio", "pm_portfolio"),
        reference("demand", "Demand", "dmn_demand"),
        reference("department", "Department", "cmn_department"),
        text("business_case", "Business case", length=4000),
        text("in_scope", "In scope", length=4000),
        text("out_of_scope", "Out of scope", length=4000),
        text("goal", "Goal", length=4000),
        number("risk", "Risk", choices=True),
        typed("budget_cost", "Planned cost", "currency"),
        moment("approved_start_date", "Approved start date"),
        moment("approved_end_date", "Approved end date"),
    ),
)

PROJECT_TASK = Table(
    name="pm_project_task",
    label="Project Task",
    extends="planned_task",
    prefix="PRJTASK",
    fields=(
        number("state", "State", default="-5", choices=True, indexed=True),
        choice("status", "Status", default="none"),
    ),
)

DEMAND = Table(
    name="dmn_demand",
    label="Demand",
    extends="task",
    prefix="DMND",
    fields=(
        number("state", "State", default="1", choices=True, indexed=True),
        choice("type", "Type", default="project"),
        choice("category", "Category", default="strategic"),
        choice("stage", "Stage", default="idea"),
        reference("demand_manager", "Demand manager", "sys_user"),
        reference("submitter", "Submitted by", "sys_user"),
        reference("portfolio", "Portfolio", "pm_portfolio"),
        reference("project", "Project", "pm_project"),
        text("business_case", "Business case", length=4000),
        moment("start_date", "Start date"),
        moment("end_date", "Due date"),
        typed("total_costs", "Estimated cost", "currency"),
        number("size", "T-shirt size", choices=True),
    ),
)

PROJECT_TABLES = (PORTFOLIO, PROGRAM, PROJECT, PROJECT_TASK, DEMAND)
