"""The tables of service levels, and the stages that a service level of a task goes through."""

DEFINITIONS, TASK_SLAS = "contract_sla", "task_sla"
IN_PROGRESS, PAUSED, COMPLETED, CANCELLED = "in_progress", "paused", "completed", "cancelled"
