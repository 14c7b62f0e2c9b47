"""The fields of records as a developer instance answered with them in December 2025."""

import httpx

from tests.simulator.facts import fact

ADMIN = ("admin", "demo")


def _names(text: str) -> list[str]:
    return text.split()


_EMPTY = _names("""
activity_due additional_assignee_list approval_history approval_set assigned_to assignment_group
business_duration business_impact business_service business_stc calendar_duration calendar_stc
caller_id cause caused_by close_code close_notes closed_at closed_by cmdb_ci comments
comments_and_work_notes company contact_type contract correlation_display correlation_id
delivery_plan delivery_task description due_date expected_start follow_up group_list hold_reason
location order origin_id origin_table parent parent_incident problem_id reopened_by reopened_time
resolved_at resolved_by rfc route_reason service_offering sla_due subcategory sys_tags time_worked
universal_request user_input watch_list work_end work_notes work_notes_list work_start
""")
_FILLED = {
    "active": "true",
    "approval": "not requested",
    "category": "inquiry",
    "child_incidents": "0",
    "escalation": "0",
    "impact": "3",
    "incident_state": "2",
    "knowledge": "false",
    "made_sla": "true",
    "notify": "1",
    "priority": "5",
    "reassignment_count": "0",
    "reopen_count": "0",
    "severity": "3",
    "state": "2",
    "sys_class_name": "incident",
    "sys_domain_path": "/",
    "sys_mod_count": "0",
    "upon_approval": "proceed",
    "upon_reject": "cancel",
    "urgency": "3",
}
_OF_THE_MOMENT = {
    *("number", "task_effective_number", "opened_at", "opened_by", "short_description", "sys_id"),
    *("sys_created_by", "sys_created_on", "sys_updated_by", "sys_updated_on", "sys_domain"),
}
# The simulator's catalog keeps the order of planned tasks in it.
_ONLY_HERE = {"delivery_plan_order"}

_PERSON = _names("""
active avatar building calendar_integration city company cost_center country date_format
default_perspective department email employee_number enable_multifactor_authn failed_attempts fax
federated_id first_name gender home_phone identity_type internal_integration_user introduction
last_login last_login_time last_name ldap_server location locked_out manager middle_name
mobile_phone name notification password_needs_reset phone photo preferred_language roles schedule
source state street sys_class_name sys_created_by sys_created_on sys_domain sys_domain_path sys_id
sys_mod_count sys_tags sys_updated_by sys_updated_on time_format time_zone title user_name
user_password vip web_service_access_only zip
""")


@fact(
    "A new incident has ninety-odd fields, most of them empty, contact_type too",
    tag="M a published answer of a developer instance, December 2025",
)
async def test_a_new_incident_has_the_fields_of_a_real_one(http: httpx.AsyncClient) -> None:
    body = {"short_description": "Reset", "state": "2", "work_notes": "Done"}
    answer = await http.post("/api/now/table/incident", json=body, auth=ADMIN)
    record = answer.json()["result"]
    assert set(record) - _ONLY_HERE == {*_EMPTY, *_FILLED} | _OF_THE_MOMENT
    assert {name: record[name] for name in _FILLED} == _FILLED
    assert {name for name in _EMPTY if record[name] != ""} == set()
    assert all(isinstance(value, str | dict) for value in record.values())


@fact(
    "A person has some sixty fields, from avatar to zip",
    tag="M a published answer of a developer instance, December 2025",
)
async def test_a_person_has_the_fields_of_a_real_one(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/now/table/sys_user", params={"sysparm_limit": "1"}, auth=ADMIN)
    assert set(answer.json()["result"][0]) >= set(_PERSON)
