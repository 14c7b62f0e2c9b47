"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("change_request", "state"): {
        "-5": "New",
        "-4": "Assess",
        "-3": "Authorize",
        "-2": "Scheduled",
        "-1": "Implement",
        "0": "Review",
        "3": "Closed",
        "4": "Canceled",
    },
    ("change_request", "type"): {
        "normal": "Normal",
        "standard": "Standard",
        "emergency": "Emergency",
    },
    ("change_request", "risk"): {"2": "High", "3": "Moderate", "4": "Low"},
}
