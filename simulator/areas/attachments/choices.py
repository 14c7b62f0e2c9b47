"""Choices of attachments."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("sys_attachment", "state"): {
        "pending": "Pending",
        "available": "Available",
        "available_conditionally": "Available Conditionally",
        "not_available": "Not Available",
    },
}
