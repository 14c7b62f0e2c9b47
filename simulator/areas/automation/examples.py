"""Configuration of the demo: one or a few rows of each table, that hang together."""

from collections.abc import Mapping, Sequence

from simulator.data.sys_ids import stable_sys_id

_ESCALATE = "Escalate a critical incident"
_NOTIFY = "Notify the caller of a resolution"
_SEND = "Send Email"
_HOLD = "Ask for the reason on hold"
_UTILS = """var ServiceDeskUtils = Class.create();
ServiceDeskUtils.prototype = {
    initialize: function() {},
    isCritical: function(incident) { return incident.priority == 1; },
    type: 'ServiceDeskUtils'
};"""

CONFIGURATION: Mapping[str, Sequence[Mapping[str, str]]] = {
    "sys_properties": (
        {"name": "glide.buildname", "value": "Australia", "type": "string"},
        {"name": "glide.product.name", "value": "ServiceNow", "type": "string"},
        {"name": "instance_name", "value": "simulated", "type": "string"},
        {"name": "glide.ui.incident_management", "value": "true", "type": "boolean"},
        {"name": "glide.rest.max_content_length", "value": "10", "type": "integer"},
        {"name": "glide.sys.date_format", "value": "yyyy-MM-dd", "type": "string"},
        {"name": "glide.sys.time_format", "value": "HH:mm:ss", "type": "string"},
        {"name": "glide.ui.autoclose.time", "value": "7", "type": "integer"},
    ),
    "sys_script_include": (
        {
            "name": "ServiceDeskUtils",
            "api_name": "global.ServiceDeskUtils",
            "description": "Questions that rules of the service desk ask",
            "script": _UTILS,
        },
        {
            "name": "CallerLookup",
            "api_name": "global.CallerLookup",
            "client_callable": "true",
            "script": "var CallerLookup = Class.create();",
        },
    ),
    "sys_script_client": (
        {
            "name": "Show the caller's location",
            "table": "incident",
            "type": "onChange",
            "field": "caller_id",
            "script": "function onChange(control, oldValue, newValue, isLoading) {}",
        },
        {
            "name": "Greet on load",
            "table": "incident",
            "type": "onLoad",
            "active": "false",
            "script": "function onLoad() {}",
        },
    ),
    "sys_script_fix": (
        {
            "name": "Fill empty categories",
            "description": "Gives incidents without a category the category inquiry",
            "script": "var gr = new GlideRecord('incident');",
        },
    ),
    "sys_ui_policy": (
        {
            "short_description": _HOLD,
            "table": "incident",
            "conditions": "state=3^EQ",
            "model_table": "incident",
        },
    ),
    "sys_ui_policy_action": (
        {
            "sys_id": stable_sys_id("sys_ui_policy_action", _HOLD),
            "ui_policy": stable_sys_id("sys_ui_policy", _HOLD),
            "table": "incident",
            "field": "hold_reason",
            "mandatory": "true",
            "visible": "true",
        },
    ),
    "sys_ui_action": (
        {
            "name": "Resolve",
            "table": "incident",
            "action_name": "resolve_incident",
            "form_button": "true",
            "condition": "current.state != 6 && current.state != 7",
            "order": "100",
        },
        {
            "name": "Create Problem",
            "table": "incident",
            "action_name": "create_problem",
            "form_context_menu": "true",
            "order": "200",
        },
    ),
    "sys_ui_message": (
        {
            "sys_id": stable_sys_id("sys_ui_message", "welcome"),
            "key": "Welcome to the service desk",
            "message": "Welcome to the service desk",
        },
    ),
    "sys_template": (
        {
            "name": "Password reset",
            "table": "incident",
            "global": "true",
            "short_description": "Reset of a password",
            "template": "category=inquiry^short_description=Reset of a password^urgency=3^EQ",
        },
    ),
    "sysauto_script": (
        {
            "name": "Autoclose incidents",
            "run_type": "daily",
            "run_time": "1970-01-01 02:00:00",
            "script": "new ServiceDeskUtils().autoclose();",
        },
    ),
    "sysevent_register": (
        {
            "sys_id": stable_sys_id("sysevent_register", "incident.assigned"),
            "event_name": "incident.assigned",
            "table": "incident",
            "description": "An incident has been assigned to somebody",
        },
    ),
    "sysevent_email_action": (
        {
            "name": "Incident opened for me",
            "collection": "incident",
            "generation_type": "engine",
            "action_insert": "true",
            "recipient_fields": "caller_id",
            "subject": "Incident ${number} has been opened on your behalf",
        },
    ),
    "wf_workflow": ({"name": _ESCALATE, "table": "incident"},),
    "wf_workflow_version": (
        {
            "name": _ESCALATE,
            "workflow": stable_sys_id("wf_workflow", _ESCALATE),
            "table": "incident",
            "published": "true",
            "condition": "priority=1^EQ",
            "start": stable_sys_id("wf_activity", "Begin"),
        },
    ),
    "wf_activity": tuple(
        {
            "name": name,
            "workflow_version": stable_sys_id("wf_workflow_version", _ESCALATE),
            "x": str(100 + 200 * at),
            "y": "80",
        }
        for at, name in enumerate(("Begin", "Wait for assignment", "End"))
    ),
    "wf_transition": tuple(
        {
            "sys_id": stable_sys_id("wf_transition", start, end),
            "from": stable_sys_id("wf_activity", start),
            "to": stable_sys_id("wf_activity", end),
        }
        for start, end in (("Begin", "Wait for assignment"), ("Wait for assignment", "End"))
    ),
    "sys_hub_flow": (
        {
            "name": _NOTIFY,
            "internal_name": "notify_the_caller_of_a_resolution",
            "active": "true",
            "status": "published",
            "type": "flow",
        },
        {
            "name": "Look up the manager",
            "internal_name": "look_up_the_manager",
            "active": "false",
            "status": "draft",
            "type": "subflow",
        },
    ),
    "sys_hub_action_type_definition": (
        {"name": _SEND, "internal_name": "send_email", "state": "published"},
        {"name": "Update Record", "internal_name": "update_record", "state": "published"},
    ),
    "sys_hub_action_instance": (
        {
            "sys_id": stable_sys_id("sys_hub_action_instance", _NOTIFY, "1"),
            "flow": stable_sys_id("sys_hub_flow", _NOTIFY),
            "action_type": stable_sys_id("sys_hub_action_type_definition", _SEND),
            "order": "1",
            "display_text": "Send the caller an email",
        },
    ),
    "sysevent_email_template": (
        {
            "name": "Incident resolved",
            "collection": "incident",
            "subject": "Incident ${number} has been resolved",
            "message_text": "Your incident ${number} has been resolved: ${close_notes}",
        },
    ),
    "sysevent_script_action": (
        {
            "name": "Note who has an incident",
            "event_name": "incident.assigned",
            "active": "true",
            "script": "gs.info('Assigned: ' + current.number);",
        },
    ),
    "sysauto_report": (
        {
            "name": "Open incidents, every Monday",
            "report": stable_sys_id("sys_report", "Open incidents by priority"),
            "run_type": "weekly",
            "run_dayofweek": "1",
        },
    ),
    "sys_hub_trigger_instance": (
        {
            "name": "Incident resolved",
            "flow": stable_sys_id("sys_hub_flow", _NOTIFY),
            "trigger_type": "record_update",
        },
    ),
    "cmn_relative_duration": (
        {"name": "End of next business day", "script": "calculator.calcRelativeDueDate(start, 1);"},
        {"name": "Next business day by 4pm", "script": "calculator.isAfter(start, '16:00:00');"},
    ),
    "sys_report": (
        {
            "title": "Open incidents by priority",
            "table": "incident",
            "type": "bar",
            "field": "priority",
            "filter": "active=true^EQ",
        },
        {
            "title": "Incidents by category",
            "table": "incident",
            "type": "pie",
            "field": "category",
        },
    ),
}
