"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("sys_dictionary", "choice"): {
        "0": "-- None --",
        "1": "Dropdown with -- None --",
        "3": "Dropdown without -- None --",
    },
}
