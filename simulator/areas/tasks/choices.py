"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("task", "state"): {
        "-5": "Pending",
        "1": "Open",
        "2": "Work in Progress",
        "3": "Closed Complete",
        "4": "Closed Incomplete",
        "7": "Closed Skipped",
    },
    ("task", "priority"): {
        "1": "1 - Critical",
        "2": "2 - High",
        "3": "3 - Moderate",
        "4": "4 - Low",
        "5": "5 - Planning",
    },
    ("task", "impact"): {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    ("task", "urgency"): {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    ("dl_u_priority", "impact"): {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    ("dl_u_priority", "urgency"): {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    ("dl_u_priority", "priority"): {
        "1": "1 - Critical",
        "2": "2 - High",
        "3": "3 - Moderate",
        "4": "4 - Low",
        "5": "5 - Planning",
    },
    ("sysrule_assignment", "match_conditions"): {"ALL": "All", "ANY": "Any"},
    ("task", "escalation"): {"0": "Normal", "1": "Moderate", "2": "High", "3": "Overdue"},
    ("task", "approval"): {
        "not requested": "Not Yet Requested",
        "requested": "Requested",
        "approved": "Approved",
        "rejected": "Rejected",
    },
    ("task", "upon_approval"): {"proceed": "Proceed to Next Task", "do_nothing": "Wait for a User"},
    ("task", "upon_reject"): {"cancel": "Cancel all future Tasks", "goto": "Go to a previous Task"},
    ("task", "contact_type"): {
        "chat": "Chat",
        "email": "Email",
        "phone": "Phone",
        "self-service": "Self-service",
        "virtual_agent": "Virtual Agent",
        "walk-in": "Walk-in",
    },
}
