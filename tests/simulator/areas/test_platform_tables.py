"""Tables that configure the instance: who reads and writes them, and what the demo has of them."""

import pytest

from simulator.areas.every import TABLES
from simulator.data.dictionary import Dictionary
from simulator.instance import Instance
from simulator.schema import Storage
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, NOW, Api

DICTIONARY = Dictionary(TABLES)


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


@pytest.fixture(scope="module")
def demo() -> Instance:
    """The demo data."""
    return Instance(clock=lambda: NOW, snapshot=seeded(NOW))


@pytest.mark.parametrize("root", DICTIONARY.roots())
def test_columns_of_one_physical_table_are_stored_alike(root: str) -> None:
    kinds: dict[str, bool] = {}
    for table in DICTIONARY.descendants(root):
        for field in DICTIONARY.fields_of(table).values():
            is_number = field.storage is Storage.NUMBER
            assert kinds.setdefault(field.name, is_number) is is_number, (table, field.name)


def test_every_reference_leads_to_a_table() -> None:
    for table in TABLES:
        for field in table.fields:
            assert not field.reference or DICTIONARY.knows(field.reference), (
                table.name,
                field.name,
            )


@fact("Configuration records are application files: of a class that extends sys_metadata", tag="D")
async def test_configuration_is_found_as_application_files(api: Api) -> None:
    body = {"name": "Greet", "table": "incident", "sys_scope": "global"}
    made = (await api.post("/table/sys_script_client", body, by=DANA)).json()["result"]
    row = await api.result(
        f"/table/sys_metadata/{made['sys_id']}",
        by=DANA,
        sysparm_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert (row["sys_class_name"], row["sys_scope"]) == ("Client Script", "Global")


@pytest.mark.parametrize(
    "table",
    [
        *("sys_script", "sys_script_include", "sys_script_fix", "sysauto_script"),
        *("sys_security_acl", "sys_properties", "syslog", "sys_email", "sys_audit", "sysevent"),
        *("sys_data_policy2", "sys_trigger", "sys_user_session", "v_plugin"),
    ],
)
async def test_configuration_and_logs_are_for_administrators(api: Api, table: str) -> None:
    api.instance.insert(table, {})
    for person in (ABEL, BETH, CHARLIE):
        assert await api.result(f"/table/{table}", by=person) == []
        assert (await api.post(f"/table/{table}", {}, by=person)).status_code == 403
    assert await api.result(f"/table/{table}", by=DANA)
    assert (await api.post(f"/table/{table}", {}, by=DANA)).status_code == 201


async def test_of_application_files_everybody_sees_the_classes_they_may_read(api: Api) -> None:
    api.instance.insert("sys_script", {"name": "Mine"})
    api.instance.insert("sys_metadata", {"sys_name": "Of no class"})
    rows = await api.result("/table/sys_metadata", by=CHARLIE, sysparm_fields="sys_class_name")
    assert {row["sys_class_name"] for row in rows} == {"sys_ui_view"}
    assert (await api.post("/table/sys_metadata", {}, by=CHARLIE)).status_code == 403


@pytest.mark.parametrize("table", ["sys_ui_view", "sys_ui_section", "sys_ui_list", "sys_template"])
async def test_forms_and_templates_are_read_by_everybody(api: Api, table: str) -> None:
    sys_id = api.instance.insert(table, {})
    assert (await api.get(f"/table/{table}/{sys_id}", by=CHARLIE)).status_code == 200
    assert (await api.patch(f"/table/{table}/{sys_id}", {"name": "x"}, by=ABEL)).status_code == 403


async def test_workflows_are_for_those_who_work_with_them(api: Api) -> None:
    for table in ("wf_workflow", "wf_context"):
        api.instance.insert(table, {"name": "Escalate"})
        assert len(await api.result(f"/table/{table}", by=ABEL)) == 1
        assert await api.result(f"/table/{table}", by=CHARLIE) == []
    api.instance.insert("sys_hub_flow", {"name": "Notify"})
    assert await api.result("/table/sys_hub_flow", by=ABEL) == []
    role = api.instance.insert("sys_user_role", {"name": "flow_designer"})
    api.instance.insert("sys_user_has_role", {"user": ABEL, "role": role})
    assert len(await api.result("/table/sys_hub_flow", by=ABEL)) == 1


async def test_reports_are_for_everybody_or_for_one_person(api: Api) -> None:
    for title, user in (("Ours", "GLOBAL"), ("Mine", CHARLIE), ("Hers", BETH)):
        api.instance.insert("sys_report", {"title": title, "user": user})
    rows = await api.result("/table/sys_report", by=CHARLIE, sysparm_fields="title")
    assert [row["title"] for row in rows] == ["Ours", "Mine"]


async def test_people_tag_for_themselves(api: Api) -> None:
    tag = (await api.post("/table/label", {"name": "Hot", "owner": CHARLIE}, by=CHARLIE)).json()
    entry = {"label": tag["result"]["sys_id"], "table": "incident", "table_key": FIRST}
    made = await api.post("/table/label_entry", entry, by=CHARLIE)
    assert made.status_code == 201
    path = f"/table/label/{tag['result']['sys_id']}"
    assert (await api.get(path, by=ABEL)).status_code == 404
    assert (await api.patch(path, {"viewable_by": "everyone"}, by=CHARLIE)).status_code == 200
    assert (await api.get(path, by=ABEL)).status_code == 200
    assert (await api.call("DELETE", path, by=ABEL)).status_code == 403
    entry_path = f"/table/label_entry/{made.json()['result']['sys_id']}"
    assert (await api.call("DELETE", entry_path, by=ABEL)).status_code == 403
    assert (await api.call("DELETE", entry_path, by=CHARLIE)).status_code == 204


@pytest.mark.parametrize(
    "table",
    [
        *(
            "sys_script",
            "sys_script_include",
            "sys_script_client",
            "sys_script_fix",
            "sys_ui_policy",
        ),
        *("sys_ui_policy_action", "sys_ui_action", "sys_template", "sysauto_script", "wf_workflow"),
        *("wf_activity", "wf_context", "sys_hub_flow", "sys_hub_action_instance", "sys_report"),
        *(
            "sys_flow_context",
            "sys_email",
            "syslog",
            "sys_ui_view",
            "sys_ui_element",
            "sys_ui_list",
        ),
        *("sys_security_acl", "sys_security_acl_role", "sys_glide_object", "sys_documentation"),
        *("sys_scope", "sys_security_operation", "sys_properties", "sysevent_email_action"),
    ],
)
def test_the_demo_has_some_of_each(demo: Instance, table: str) -> None:
    assert demo.count(table) > 0


def test_references_of_the_demos_configuration_lead_somewhere(demo: Instance) -> None:
    for table in ("sys_ui_policy_action", "wf_activity", "wf_context", "sys_flow_context"):
        fields = demo.dictionary.fields_of(table).values()
        for row in demo.query(table):
            for field in fields:
                if field.is_reference and row[field.name]:
                    assert demo.row(field.reference, row[field.name]), (table, field.name)


@fact("sys_documentation holds the label of each column, and of each table", tag="D Field label")
async def test_labels_are_documented(api: Api) -> None:
    rows = await api.result("/table/sys_documentation", sysparm_query="name=incident")
    labels = {row["element"]: row["label"] for row in rows}
    assert (labels[""], labels["caller_id"]) == ("Incident", "Caller")


@fact("sys_glide_object names the types a column may have", tag="D Field types")
async def test_field_types_are_listed(api: Api) -> None:
    rows = await api.result("/table/sys_glide_object", sysparm_query="nameINstring,glide_list")
    assert {row["name"]: row["label"] for row in rows} == {"string": "String", "glide_list": "List"}


@fact(
    "internal_type and reference of sys_dictionary are references by name, not by sys_id",
    tag="R",
)
async def test_types_and_tables_are_referred_to_by_name(api: Api) -> None:
    row = await api.result(
        "/table/sys_dictionary",
        sysparm_query="name=incident^element=caller_id",
        sysparm_fields="internal_type,reference,column_label",
        sysparm_display_value="all",
    )
    assert row == [
        {
            "internal_type": {
                "display_value": "Reference",
                "value": "reference",
                "link": "http://small.test/api/now/table/sys_glide_object?name=reference",
            },
            "reference": {
                "display_value": "User",
                "value": "sys_user",
                "link": "http://small.test/api/now/table/sys_db_object?name=sys_user",
            },
            "column_label": {"display_value": "Caller", "value": "Caller"},
        }
    ]
    (plain,) = await api.result(
        "/table/sys_dictionary",
        sysparm_query="name=task^element=number",
        sysparm_fields="internal_type,reference",
        sysparm_exclude_reference_link="true",
    )
    assert plain == {"internal_type": "string", "reference": ""}
    (empty,) = await api.result(
        "/table/sys_dictionary",
        sysparm_query="name=incident^element=category",
        sysparm_fields="reference",
        sysparm_display_value="true",
    )
    assert empty == {"reference": ""}


async def test_a_built_in_column_that_is_changed_keeps_what_it_refers_to(api: Api) -> None:
    query = "name=sys_dictionary^element=reference^NQname=incident^element=caller_id"
    for row in await api.result("/table/sys_dictionary", sysparm_query=query, by=DANA):
        body = {"column_label": "Another"}
        path = f"/table/sys_dictionary/{row['sys_id']}"
        assert (await api.patch(path, body, by=DANA)).status_code == 200
    dictionary = api.instance.dictionary
    changed = dictionary.fields_of("sys_dictionary")["reference"]
    assert (changed.label, changed.names, changed.is_reference) == (
        "Another",
        "sys_db_object",
        False,
    )
    record = await api.result(f"/table/incident/{FIRST}")
    assert record["caller_id"]["value"] == ABEL
