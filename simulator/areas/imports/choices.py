"""Choices of import sets, in the order people see them."""

from simulator.schema import ChoiceLists

_SET_STATES = {
    "loading": "Loading",
    "loaded": "Loaded",
    "processed": "Processed",
    "cancelled": "Cancelled",
}

CHOICES: ChoiceLists = {
    ("sys_import_set", "state"): _SET_STATES,
    ("sys_multi_import_set", "state"): _SET_STATES,
    ("sys_import_set", "mode"): {"synchronous": "Synchronous", "asynchronous": "Asynchronous"},
    ("sys_import_set_row", "sys_import_state"): {
        "pending": "Pending",
        "inserted": "Inserted",
        "updated": "Updated",
        "ignored": "Ignored",
        "skipped": "Skipped",
        "error": "Error",
    },
    ("sys_import_set_run", "state"): {
        "running": "Running",
        "complete": "Complete",
        "complete_with_errors": "Complete with errors",
    },
    ("sys_transform_map", "enforce_mandatory_fields"): {
        "no": "No",
        "mapped_fields": "Only Mapped Fields",
        "all_fields": "All Fields",
    },
    ("sys_transform_entry", "choice_action"): {
        "create": "create",
        "ignore": "ignore",
        "reject": "reject",
    },
    ("sys_rest_insert_multiple", "transformation"): {
        "asynchronous": "Asynchronous",
        "synchronous": "Synchronous",
    },
    ("sys_rest_insert_multiple", "column_mapping"): {
        "label": "Label",
        "column_name": "Column name",
    },
}
