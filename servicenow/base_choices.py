"""The base system's choices, for people who may not read `sys_choice`.

Values and labels of the incident, problem, change and approval state models and of the
priority fields. An instance may have others: these are a fallback and nothing more.
"""

from types import MappingProxyType
from typing import Final

_ONE_TO_THREE: Final = (("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low"))
_INCIDENT_STATES: Final = (
    ("1", "New"),
    ("2", "In Progress"),
    ("3", "On Hold"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("8", "Canceled"),
)
_APPROVAL_STATES: Final = (
    ("not requested", "Not Yet Requested"),
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
    ("not_required", "No Longer Required"),
    ("duplicate", "Duplicate"),
)

# (table, field) -> (value, label) in the order of the form.
BASE_CHOICES: Final = MappingProxyType(
    {
        ("task", "impact"): _ONE_TO_THREE,
        ("task", "urgency"): _ONE_TO_THREE,
        ("task", "priority"): (
            ("1", "1 - Critical"),
            ("2", "2 - High"),
            ("3", "3 - Moderate"),
            ("4", "4 - Low"),
            ("5", "5 - Planning"),
        ),
        ("task", "approval"): _APPROVAL_STATES,
        ("task", "state"): (
            ("-5", "Pending"),
            ("1", "Open"),
            ("2", "Work in Progress"),
            ("3", "Closed Complete"),
            ("4", "Closed Incomplete"),
            ("7", "Closed Skipped"),
        ),
        ("task", "contact_type"): (
            ("phone", "Phone"),
            ("email", "Email"),
            ("self-service", "Self-service"),
            ("walk-in", "Walk-in"),
            ("chat", "Chat"),
            ("virtual_agent", "Virtual Agent"),
        ),
        ("incident", "state"): _INCIDENT_STATES,
        ("incident", "incident_state"): _INCIDENT_STATES,
        ("incident", "severity"): _ONE_TO_THREE,
        ("incident", "hold_reason"): (
            ("1", "Awaiting Caller"),
            ("5", "Awaiting Change"),
            ("3", "Awaiting Problem"),
            ("4", "Awaiting Vendor"),
        ),
        ("incident", "category"): (
            ("inquiry", "Inquiry / Help"),
            ("software", "Software"),
            ("hardware", "Hardware"),
            ("network", "Network"),
            ("database", "Database"),
        ),
        ("incident", "subcategory"): (
            ("antivirus", "Antivirus"),
            ("email", "Email"),
            ("internal application", "Internal Application"),
            ("os", "Operating System"),
            ("cpu", "CPU"),
            ("disk", "Disk"),
            ("keyboard", "Keyboard"),
            ("memory", "Memory"),
            ("monitor", "Monitor"),
            ("mouse", "Mouse"),
            ("dhcp", "DHCP"),
            ("dns", "DNS"),
            ("ip address", "IP Address"),
            ("vpn", "VPN"),
            ("wireless", "Wireless"),
            ("db2", "DB2"),
            ("sql server", "MS SQL Server"),
            ("oracle", "Oracle"),
        ),
        ("incident", "close_code"): tuple(
            (label, label)
            for label in (
                "Duplicate",
                "Known error",
                "Resolved by caller",
                "Resolved by change",
                "Resolved by problem",
                "Solution provided",
                "Workaround provided",
                "User error",
            )
        ),
        ("problem", "state"): (
            ("101", "New"),
            ("102", "Assess"),
            ("103", "Root Cause Analysis"),
            ("104", "Fix in Progress"),
            ("106", "Resolved"),
            ("107", "Closed"),
        ),
        ("problem", "resolution_code"): (
            ("fix_applied", "Fix Applied"),
            ("risk_accepted", "Risk Accepted"),
            ("duplicate", "Duplicate"),
            ("canceled", "Canceled"),
        ),
        ("change_request", "state"): (
            ("-5", "New"),
            ("-4", "Assess"),
            ("-3", "Authorize"),
            ("-2", "Scheduled"),
            ("-1", "Implement"),
            ("0", "Review"),
            ("3", "Closed"),
            ("4", "Canceled"),
        ),
        ("change_request", "type"): (
            ("normal", "Normal"),
            ("standard", "Standard"),
            ("emergency", "Emergency"),
        ),
        ("change_request", "close_code"): (
            ("successful", "Successful"),
            ("successful_issues", "Successful with issues"),
            ("unsuccessful", "Unsuccessful"),
        ),
        ("sysapproval_approver", "state"): _APPROVAL_STATES,
    }
)
