"""Fields of the base system's tables, for people who may not read `sys_dictionary`.

A name is written `field`, `field:type` or `field>table` for a reference. Custom fields
are not here: the dictionary asks the table itself about those.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class BaseTable:
    """One table: the one it extends (`""` for none) and its own fields, written as above."""

    extends: str
    fields: str


# Every table has these.
SYSTEM_FIELDS: Final = (
    "sys_id:GUID sys_created_on:glide_date_time sys_created_by sys_updated_on:glide_date_time "
    "sys_updated_by sys_mod_count:integer sys_tags"
)

# Without these a table would not be what it is: no instance lacks them, so nobody has to ask.
_OF_EVERY_TABLE: Final = (
    "sys_id sys_created_on sys_created_by sys_updated_on sys_updated_by sys_mod_count"
)
_OF_EVERY_TASK: Final = (
    "number short_description description state priority impact urgency active assigned_to "
    "assignment_group cmdb_ci opened_at opened_by closed_at due_date sys_class_name"
)
_OF_ITS_OWN: Final = MappingProxyType(
    {
        "incident": "caller_id category subcategory",
        "sys_user": "user_name name email active",
        "sys_user_group": "name description active",
        "sys_user_grmember": "user group",
        "cmdb_ci": "name",
    }
)

BASE_TABLES: Final = MappingProxyType(
    {
        "task": BaseTable(
            "",
            "number short_description description state:integer priority:integer "
            "impact:integer urgency:integer active:boolean approval approval_history:journal "
            "approval_set:glide_date_time assigned_to>sys_user assignment_group>sys_user_group "
            "additional_assignee_list:glide_list business_duration:glide_duration "
            "business_service>cmdb_ci_service service_offering>service_offering "
            "calendar_duration:glide_duration close_notes closed_at:glide_date_time "
            "closed_by>sys_user cmdb_ci>cmdb_ci comments:journal_input "
            "comments_and_work_notes:journal_list company>core_company contact_type "
            "correlation_display correlation_id delivery_plan>sc_cat_item_delivery_plan "
            "due_date:glide_date_time escalation:integer expected_start:glide_date_time "
            "follow_up:glide_date_time group_list:glide_list knowledge:boolean "
            "location>cmn_location made_sla:boolean opened_at:glide_date_time "
            "opened_by>sys_user order:integer parent>task reassignment_count:integer "
            "rejection_goto>task route_reason:integer sla_due:glide_date_time "
            "sys_class_name:sys_class_name sys_domain:domain_id sys_domain_path "
            "task_effective_number time_worked:timer upon_approval upon_reject "
            "universal_request>task user_input:user_input variables:variables "
            "watch_list:glide_list wf_activity>wf_activity work_end:glide_date_time "
            "work_notes:journal_input work_notes_list:glide_list work_start:glide_date_time "
            "activity_due:glide_date_time contract>ast_contract skills:glide_list",
        ),
        "incident": BaseTable(
            "task",
            "caller_id>sys_user category subcategory severity:integer incident_state:integer "
            "notify:integer hold_reason:integer close_code resolved_at:glide_date_time "
            "resolved_by>sys_user reopen_count:integer reopened_by>sys_user "
            "reopened_time:glide_date_time business_impact business_stc:integer "
            "calendar_stc:integer cause caused_by>change_request child_incidents:integer "
            "parent_incident>incident problem_id>problem rfc>change_request "
            "origin_id origin_table",
        ),
        "problem": BaseTable(
            "task",
            "category subcategory problem_state:integer known_error:boolean workaround:html "
            "workaround_applied:boolean cause_notes:html fix_notes:html resolution_code "
            "first_reported_by_task>task related_incidents:integer duplicate_of>problem "
            "rfc>change_request major_problem:boolean review_outcome "
            "resolved_at:glide_date_time resolved_by>sys_user confirmed_at:glide_date_time "
            "confirmed_by>sys_user fix_at:glide_date_time fix_by>sys_user "
            "fix_communicated_at:glide_date_time reopen_count:integer "
            "reopened_at:glide_date_time reopened_by>sys_user",
        ),
        "change_request": BaseTable(
            "task",
            "type category reason justification:html implementation_plan:html backout_plan:html "
            "test_plan:html risk:integer risk_impact_analysis:html scope:integer phase "
            "phase_state requested_by>sys_user requested_by_date:glide_date_time "
            "start_date:glide_date_time end_date:glide_date_time close_code "
            "conflict_status conflict_last_run:glide_date_time "
            "outside_maintenance_schedule:boolean production_system:boolean cab_required:boolean "
            "cab_date:glide_date cab_delegate>sys_user cab_recommendation review_comments "
            "review_date:glide_date review_status:integer "
            "std_change_producer_version>std_change_producer_version chg_model>chg_model "
            "on_hold:boolean on_hold_reason unauthorized:boolean",
        ),
        "change_task": BaseTable(
            "task",
            "change_request>change_request change_task_type planned_start_date:glide_date_time "
            "planned_end_date:glide_date_time close_code on_hold:boolean on_hold_reason",
        ),
        "conflict": BaseTable(
            "",
            "change>change_request type conflicting_change>change_request "
            "configuration_item>cmdb_ci related_configuration_item>cmdb_ci "
            "impacted_service>cmdb_ci schedule>cmn_schedule last_checked:glide_date_time",
        ),
        "task_ci": BaseTable("", "task>task ci_item>cmdb_ci"),
        "std_change_record_producer": BaseTable(
            "",
            "name short_description description active:boolean "
            "current_version>std_change_producer_version",
        ),
        "problem_task": BaseTable("task", "problem>problem problem_task_type close_code"),
        "sc_request": BaseTable(
            "task",
            "requested_for>sys_user requested_date:glide_date_time request_state stage "
            "delivery_address price:currency special_instructions calendar_stc:integer",
        ),
        "sc_req_item": BaseTable(
            "task",
            "request>sc_request cat_item>sc_cat_item requested_for>sys_user quantity:integer "
            "stage price:price recurring_price:price configuration_item>cmdb_ci "
            "backordered:boolean billable:boolean estimated_delivery:glide_date_time "
            "sc_catalog>sc_catalog order_guide>sc_cat_item_guide",
        ),
        "sc_task": BaseTable(
            "task", "request>sc_request request_item>sc_req_item sc_catalog>sc_catalog"
        ),
        "sysapproval_approver": BaseTable(
            "",
            "sysapproval>task approver>sys_user state comments:journal_input "
            "group>sysapproval_group source_table document_id due_date:glide_date_time "
            "expected_start:glide_date_time approval_column approval_journal_column order:integer",
        ),
        "sys_user": BaseTable(
            "",
            "user_name name first_name middle_name last_name email title active:boolean "
            "locked_out:boolean phone mobile_phone home_phone department>cmn_department "
            "company>core_company location>cmn_location manager>sys_user building>cmn_building "
            "cost_center>cmn_cost_center employee_number gender introduction "
            "preferred_language time_zone date_format time_format vip:boolean notification:integer "
            "schedule>cmn_schedule last_login:glide_date last_login_time:glide_date_time "
            "street city state zip country source roles:user_roles photo:user_image "
            "calendar_integration:integer default_perspective>sys_perspective "
            "internal_integration_user:boolean web_service_access_only:boolean "
            "sys_class_name:sys_class_name sys_domain:domain_id sys_domain_path",
        ),
        "sys_user_group": BaseTable(
            "",
            "name description active:boolean manager>sys_user parent>sys_user_group email "
            "type:glide_list roles:user_roles source cost_center>cmn_cost_center "
            "default_assignee>sys_user exclude_manager:boolean include_members:boolean",
        ),
        "sys_user_grmember": BaseTable("", "user>sys_user group>sys_user_group"),
        "sys_user_role": BaseTable("", "name description elevated_privilege:boolean suffix"),
        "sys_user_has_role": BaseTable(
            "",
            "user>sys_user role>sys_user_role inherited:boolean granted_by>sys_user_group state",
        ),
        "sys_user_delegate": BaseTable(
            "",
            "user>sys_user delegate>sys_user starts:glide_date_time ends:glide_date_time "
            "approvals:boolean assignments:boolean notifications:boolean invitations:boolean",
        ),
        "sys_user_preference": BaseTable(
            "", "name value user>sys_user type description system:boolean"
        ),
        "cmdb": BaseTable(
            "",
            "asset>alm_asset asset_tag assigned:glide_date_time assigned_to>sys_user "
            "company>core_company cost:float cost_cc cost_center>cmn_cost_center "
            "department>cmn_department due:glide_date_time due_in gl_account "
            "install_date:glide_date_time install_status:integer invoice_number "
            "justification lease_id location>cmn_location managed_by>sys_user "
            "manufacturer>core_company model_id>cmdb_model name order_date:glide_date_time "
            "owned_by>sys_user po_number purchase_date:glide_date serial_number "
            "support_group>sys_user_group supported_by>sys_user unverified:boolean "
            "vendor>core_company warranty_expiration:glide_date "
            "sys_class_name:sys_class_name sys_class_path sys_domain:domain_id sys_domain_path",
        ),
        "cmdb_ci": BaseTable(
            "cmdb",
            "attributes can_print:boolean category subcategory change_control>sys_user_group "
            "assignment_group>sys_user_group comments correlation_id discovery_source "
            "dns_domain environment fault_count:integer first_discovered:glide_date_time "
            "fqdn ip_address last_discovered:glide_date_time mac_address "
            "maintenance_schedule>cmn_schedule model_number monitor:boolean "
            "operational_status:integer schedule>cmn_schedule short_description skip_sync:boolean "
            "start_date:glide_date_time used_for busines_criticality",
        ),
        "core_company": BaseTable(
            "",
            "name street city state zip country phone website contact>sys_user "
            "customer:boolean vendor:boolean manufacturer:boolean parent>core_company notes",
        ),
        "cmn_location": BaseTable(
            "",
            "name full_name street city state zip country phone parent>cmn_location "
            "company>core_company contact>sys_user latitude:float longitude:float time_zone",
        ),
        "cmn_department": BaseTable(
            "",
            "name id description dept_head>sys_user primary_contact>sys_user "
            "parent>cmn_department company>core_company cost_center>cmn_cost_center",
        ),
        "kb_knowledge": BaseTable(
            "",
            "number short_description text:html workflow_state kb_knowledge_base>kb_knowledge_base "
            "kb_category>kb_category author>sys_user active:boolean article_type language "
            "published:glide_date valid_to:glide_date topic meta rating:float "
            "sys_view_count:integer version>kb_version cmdb_ci>cmdb_ci "
            "sys_class_name:sys_class_name",
        ),
        "sc_cat_item": BaseTable(
            "",
            "name short_description description:html active:boolean category>sc_category "
            "sc_catalogs:glide_list price:price recurring_price:price type order:integer "
            "sys_class_name:sys_class_name",
        ),
        "sys_update_set": BaseTable(
            "",
            "name state description application>sys_scope is_default:boolean "
            "release_date:glide_date_time parent>sys_update_set completed_by>sys_user "
            "completed_on:glide_date_time",
        ),
        "sys_journal_field": BaseTable("", "name element element_id value"),
        "sys_choice": BaseTable(
            "",
            "name element value label language inactive:boolean sequence:integer "
            "dependent_value hint",
        ),
        "sys_dictionary": BaseTable(
            "",
            "name element column_label internal_type>sys_glide_object reference>sys_db_object "
            "mandatory:boolean read_only:boolean max_length:integer default_value active:boolean",
        ),
        "sys_db_object": BaseTable(
            "", "name label super_class>sys_db_object number_ref>sys_number"
        ),
    }
)


def is_always_there(table: str, field: str) -> bool:
    """Whether every instance has this field; False says nothing."""
    return field in _always_there(table)


@lru_cache(maxsize=256)
def _always_there(table: str) -> frozenset[str]:
    is_task = table == "task" or (table in BASE_TABLES and BASE_TABLES[table].extends == "task")
    of_task = _OF_EVERY_TASK if is_task else ""
    return frozenset(f"{_OF_EVERY_TABLE} {of_task} {_OF_ITS_OWN.get(table, '')}".split())
