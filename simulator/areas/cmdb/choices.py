"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("cmdb_ci", "install_status"): {
        "1": "Installed",
        "2": "On Order",
        "3": "In Maintenance",
        "4": "Pending Install",
        "5": "Pending Repair",
        "6": "In Stock",
        "7": "Retired",
        "8": "Stolen",
        "100": "Absent",
    },
    ("cmdb_ci", "operational_status"): {
        "1": "Operational",
        "2": "Non-Operational",
        "3": "Repair in Progress",
        "4": "DR Standby",
        "5": "Ready",
        "6": "Retired",
    },
    ("cmdb_ci", "environment"): {
        "production": "Production",
        "test": "Test",
        "development": "Development",
    },
    ("cmdb_ci_service", "busines_criticality"): {
        "1 - most critical": "1 - most critical",
        "2 - somewhat critical": "2 - somewhat critical",
        "3 - less critical": "3 - less critical",
        "4 - not critical": "4 - not critical",
    },
}
