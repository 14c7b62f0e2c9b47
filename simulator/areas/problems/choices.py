"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

_STATES = {
    "101": "New",
    "102": "Assess",
    "103": "Root Cause Analysis",
    "104": "Fix in Progress",
    "106": "Resolved",
    "107": "Closed",
}

CHOICES: ChoiceLists = {
    ("problem", "state"): _STATES,
    ("problem", "problem_state"): _STATES,
    ("problem", "resolution_code"): {
        "fix_applied": "Fix Applied",
        "risk_accepted": "Risk Accepted",
        "duplicate": "Duplicate",
        "canceled": "Canceled",
    },
    ("problem", "category"): {
        "software": "Software",
        "hardware": "Hardware",
        "network": "Network",
        "database": "Database",
    },
    ("problem", "subcategory"): {
        "os": "Operating System",
        "email": "Email",
        "cpu": "CPU",
        "disk": "Disk",
        "memory": "Memory",
        "dhcp": "DHCP",
        "dns": "DNS",
        "vpn": "VPN",
        "wireless": "Wireless",
        "db2": "DB2",
        "sql server": "MS SQL Server",
        "oracle": "Oracle",
    },
    ("problem", "review_outcome"): {
        "positive": "Positive",
        "negative": "Negative",
    },
    ("problem_task", "state"): {
        "151": "New",
        "152": "Assess",
        "154": "Work in Progress",
        "157": "Closed",
    },
    ("problem_task", "problem_task_type"): {"general": "General", "rca": "Root Cause Analysis"},
    ("problem_task", "close_code"): {"completed": "Completed", "canceled": "Canceled"},
    ("problem_task", "cause_code"): {
        "change": "Change",
        "hardware": "Hardware",
        "human_error": "Human error",
        "network": "Network",
        "process": "Process",
        "software": "Software",
    },
}
