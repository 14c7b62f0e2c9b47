"""Choices of update sets, in the order people see them."""

from simulator.schema import ChoiceLists

_ACTIONS = {"INSERT_OR_UPDATE": "INSERT_OR_UPDATE", "DELETE": "DELETE"}

CHOICES: ChoiceLists = {
    ("sys_update_set", "state"): {
        "in progress": "In progress",
        "complete": "Complete",
        "ignore": "Ignore",
    },
    ("sys_remote_update_set", "state"): {
        "loaded": "Loaded",
        "previewing": "Previewing",
        "previewed": "Previewed",
        "committing": "Committing",
        "committed": "Committed",
        "backedout": "Backed out",
    },
    ("sys_update_xml", "action"): _ACTIONS,
    ("sys_update_version", "action"): _ACTIONS,
    ("sys_update_version", "state"): {
        "current": "Current",
        "previous": "Previous",
        "history": "History",
    },
    ("sys_update_preview_problem", "type"): {"error": "Error", "warning": "Warning"},
    ("sys_update_preview_problem", "status"): {"ignored": "Ignored", "skipped": "Skipped"},
    ("sys_execution_tracker", "state"): {
        "0": "Pending",
        "1": "Running",
        "2": "Successful",
        "3": "Failed",
        "4": "Canceled",
    },
}
