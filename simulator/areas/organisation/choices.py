"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("sys_user", "notification"): {"1": "Disable", "2": "Enable"},
    ("sys_user", "calendar_integration"): {"1": "Outlook"},
    ("sys_user", "gender"): {"male": "Male", "female": "Female"},
    ("sys_user", "preferred_language"): {"en": "English", "de": "German", "ja": "Japanese"},
    ("sys_user", "time_zone"): {
        "America/Chicago": "America/Chicago",
        "America/Denver": "America/Denver",
        "America/Los_Angeles": "America/Los_Angeles",
        "America/New_York": "America/New_York",
        "Asia/Tokyo": "Asia/Tokyo",
        "Australia/Sydney": "Australia/Sydney",
        "Europe/Amsterdam": "Europe/Amsterdam",
        "Europe/Berlin": "Europe/Berlin",
        "Europe/London": "Europe/London",
        "GMT": "GMT",
        "US/Pacific": "US/Pacific",
    },
    ("sys_user", "date_format"): {
        "yyyy-MM-dd": "yyyy-MM-dd",
        "MM-dd-yyyy": "MM-dd-yyyy",
        "dd-MM-yyyy": "dd-MM-yyyy",
        "dd/MM/yyyy": "dd/MM/yyyy",
        "dd.MM.yyyy": "dd.MM.yyyy",
    },
    ("sys_user", "time_format"): {"HH:mm:ss": "HH:mm:ss", "hh:mm:ss a": "hh:mm:ss a"},
    ("sys_user", "business_criticality"): {
        "1": "1 - most critical",
        "2": "2 - somewhat critical",
        "3": "3 - less critical",
        "4": "4 - not critical",
    },
    ("sys_user_has_role", "state"): {"active": "Active", "failed": "Failed"},
}
