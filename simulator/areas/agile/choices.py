"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

_WORK = {
    "-6": "Draft",
    "1": "Ready",
    "2": "Work in progress",
    "3": "Complete",
    "4": "Cancelled",
}

CHOICES: ChoiceLists = {
    ("rm_story", "state"): {
        "-6": "Draft",
        "1": "Ready",
        "2": "Work in progress",
        "-7": "Ready for testing",
        "-8": "Testing",
        "3": "Complete",
        "4": "Cancelled",
    },
    ("rm_story", "type"): {
        "Development": "Development",
        "Documentation": "Documentation",
        "Spike": "Spike",
        "Testing": "Testing",
    },
    ("rm_story", "classification"): {
        "Feature": "Feature",
        "Defect": "Defect",
        "Enhancement": "Enhancement",
    },
    ("rm_story", "backlog_type"): {"product": "Product", "project": "Project"},
    ("rm_epic", "state"): _WORK,
    ("rm_scrum_task", "state"): _WORK,
    ("rm_scrum_task", "type"): {
        "1": "Analysis",
        "2": "Coding",
        "3": "Documentation",
        "4": "Development",
        "5": "Testing",
    },
    ("rm_release", "state"): {
        "-6": "Draft",
        "1": "Planning",
        "2": "Work in progress",
        "3": "Complete",
        "4": "Cancelled",
    },
    ("rm_sprint", "state"): {
        "-6": "Draft",
        "1": "Planning",
        "2": "Current",
        "3": "Complete",
        "4": "Cancelled",
    },
    ("rm_defect", "severity"): {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    ("scrum_pp_release_team_member", "role"): {
        "product_owner": "Product owner",
        "scrum_master": "Scrum master",
        "team_member": "Team member",
    },
    ("scrum_pp_sprint_team_member", "role"): {
        "product_owner": "Product owner",
        "scrum_master": "Scrum master",
        "team_member": "Team member",
    },
}
