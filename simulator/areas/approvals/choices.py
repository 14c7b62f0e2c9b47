"""Choices of the base system, in the order people see them."""

from simulator.schema import ChoiceLists

CHOICES: ChoiceLists = {
    ("sysapproval_approver", "state"): {
        "not requested": "Not Yet Requested",
        "requested": "Requested",
        "approved": "Approved",
        "rejected": "Rejected",
        "cancelled": "Cancelled",
        "not_required": "No Longer Required",
        "duplicate": "Duplicate",
    },
    ("sysapproval_group", "wait_for"): {
        "any": "Anyone to approve",
        "all": "Everyone to approve",
        "percentage": "A percentage to approve",
        "first": "First response from anyone",
    },
    ("sysapproval_group", "reject_handling"): {
        "reject": "Reject",
        "wait": "Wait for other responses before deciding",
    },
}
