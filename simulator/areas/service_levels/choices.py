"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("contract_sla", "type"): {
        "SLA": "SLA",
        "OLA": "OLA",
        "Underpinning contract": "Underpinning contract",
    },
    ("contract_sla", "target"): {"response": "Response", "resolution": "Resolution"},
    ("contract_sla", "schedule_source"): {
        "no_schedule": "No schedule",
        "sla_definition": "SLA definition",
        "task_field": "Task field",
    },
    ("contract_sla", "timezone_source"): {
        "task.caller_id.time_zone": "The caller's time zone",
        "sla.timezone": "The SLA definition's time zone",
    },
    ("contract_sla", "when_to_cancel"): {
        "no_match": "Start conditions are not met",
        "on_condition": "Cancel conditions are met",
        "never": "Never",
    },
    ("contract_sla", "when_to_resume"): {
        "no_match": "Pause conditions are not met",
        "on_condition": "Resume conditions are met",
    },
    ("contract_sla", "reset_action"): {
        "cancel": "Cancel existing SLA",
        "complete": "Complete existing SLA",
    },
    ("task_sla", "stage"): {
        "starting": "Starting",
        "in_progress": "In progress",
        "paused": "Paused",
        "breached": "Breached",
        "cancelled": "Cancelled",
        "achieved": "Achieved",
        "completed": "Completed",
    },
    ("cmn_schedule_span", "type"): {
        "": "-- None --",
        "exclude": "Excluded",
        "time_off": "Time off",
        "on_call": "On call",
        "appointment": "Appointment",
        "meeting": "Meeting",
    },
    ("cmn_schedule_span", "show_as"): {
        "busy": "Busy",
        "free": "Free",
        "tentative": "Tentative",
        "on_call": "On call",
    },
    ("cmn_schedule_span", "repeat_type"): {
        "": "Does not repeat",
        "daily": "Daily",
        "weekdays": "Every Weekday (Mon-Fri)",
        "weekends": "Every Weekend (Sat, Sun)",
        "weekMWF": "Every Mon, Wed, Fri",
        "weekTT": "Every Tue, Thu",
        "weekly": "Weekly",
        "monthly": "Monthly",
        "yearly": "Yearly",
    },
    ("cmn_other_schedule", "type"): {"include": "Include", "exclude": "Exclude"},
}
