"""Choices of the base system, in the order people see them."""

from simulator.areas.catalog.prices import FREQUENCY_LABELS
from simulator.areas.catalog.variable_types import LABELS
from simulator.schema import ChoiceLists

_ALTERNATIVES = {"true": "True", "false": "False", "ignore": "Leave alone"}
_APPLIES_TO = {"item": "A Catalog Item", "set": "A Variable Set"}
_LAYOUTS = {
    "normal": "1 Column Wide",
    "2down": "2 Columns Wide, one side, then the other",
    "2across": "2 Columns Wide, alternating sides",
}

CHOICES: ChoiceLists = {
    ("sc_request", "request_state"): {
        "requested": "Pending Approval",
        "in_process": "Approved",
        "closed_complete": "Closed Complete",
        "closed_incomplete": "Closed Incomplete",
        "closed_cancelled": "Closed Cancelled",
        "closed_rejected": "Closed Rejected",
        "closed_skipped": "Closed Skipped",
    },
    ("sc_request", "stage"): {
        "requested": "Requested",
        "request_approved": "Request Approved",
        "closed_complete": "Completed",
        "closed_incomplete": "Request Cancelled",
        "closed_rejected": "Request Rejected",
    },
    ("sc_req_item", "stage"): {
        "waiting_for_approval": "Waiting for Approval",
        "request_approved": "Request Approved",
        "fulfillment": "Fulfillment",
        "delivery": "Delivery",
        "complete": "Completed",
        "Request Cancelled": "Request Cancelled",
        "closed_incomplete": "Closed Incomplete",
    },
    ("sc_req_item", "state"): {
        "-5": "Pending",
        "1": "Open",
        "2": "Work in Progress",
        "3": "Closed Complete",
        "4": "Closed Incomplete",
        "7": "Closed Skipped",
    },
    ("sc_req_item", "recurring_frequency"): FREQUENCY_LABELS,
    ("sc_task", "state"): {
        "-5": "Pending",
        "1": "Open",
        "2": "Work in Progress",
        "3": "Closed Complete",
        "4": "Closed Incomplete",
        "7": "Closed Skipped",
    },
    ("sc_cat_item", "recurring_frequency"): FREQUENCY_LABELS,
    ("sc_cat_item", "type"): {
        "item": "Item",
        "template": "Template",
        "bundle": "Bundle",
        "package": "Package",
    },
    ("sc_cat_item", "availability"): {
        "on_desktop": "Desktop Only",
        "on_mobile": "Mobile Only",
        "on_both": "Desktop and Mobile",
    },
    ("sc_cat_item", "access_type"): {"restricted": "Restricted", "delegated": "Delegated"},
    ("sc_cat_item", "request_method"): {"order": "Order", "submit": "Submit", "request": "Request"},
    ("sc_cat_item", "fulfillment_automation_level"): {
        "unspecified": "Unspecified",
        "manual": "Manual",
        "semi_automated": "Semi-automated",
        "fully_automated": "Fully automated",
    },
    ("sc_cat_item", "state"): {
        "draft": "Draft",
        "published": "Published",
        "publishing": "Publishing",
    },
    ("sc_cat_item_content", "content_type"): {
        "kb": "KB article",
        "external": "External content",
        "catalog": "Catalog content",
        "literal": "Static content",
    },
    ("item_option_new", "type"): LABELS,
    ("item_option_new", "layout"): _LAYOUTS,
    ("item_option_new", "choice_direction"): {"down": "Down", "across": "Across"},
    ("item_option_new", "use_reference_qualifier"): {
        "simple": "Simple",
        "dynamic": "Dynamic",
        "advanced": "Advanced",
    },
    ("item_option_new_set", "layout"): _LAYOUTS,
    ("item_option_new_set", "type"): {"one_to_one": "Single-Row", "one_to_many": "Multi-Row"},
    ("catalog_ui_policy", "applies_to"): _APPLIES_TO,
    **{
        ("catalog_ui_policy_action", name): _ALTERNATIVES
        for name in ("mandatory", "visible", "disabled")
    },
    ("catalog_ui_policy_action", "value_action"): {
        "ignore": "Leave alone",
        "clear_value": "Clear value",
        "set_value": "Set value",
    },
    ("catalog_script_client", "applies_to"): _APPLIES_TO,
    ("catalog_script_client", "type"): {
        "onLoad": "onLoad",
        "onChange": "onChange",
        "onSubmit": "onSubmit",
    },
    ("catalog_script_client", "ui_type"): {
        "0": "Desktop",
        "1": "Mobile / Service Portal",
        "10": "All",
    },
}
