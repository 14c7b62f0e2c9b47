"""Tasks, templates and configuration items of changes over the Change Management API."""

from typing import Any

import pytest

from simulator.areas.changes.models import IMPLEMENT, NEW
from simulator.switches import Switches
from tests.simulator.areas.changes_world import Changes
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, MAIL, NETWORK

CHG = "/api/sn_chg_rest/change"
TEMPLATE, VERSION = "6" * 32, "8" * 32


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


@pytest.fixture
def template(api: Changes) -> str:
    """A standard change template; its sys_id."""
    values = f"short_description=Clear the cache^assignment_group={NETWORK}^test_plan=Look^EQ"
    instance = api.instance
    kept = instance.insert("sys_template", {"name": "Cache", "template": values})
    version = {"sys_id": VERSION, "name": "Cache - 1", "std_change_producer": TEMPLATE}
    instance.insert("std_change_producer_version", version)
    instance.insert(
        "std_change_record_producer",
        {"sys_id": TEMPLATE, "name": "Cache", "template": kept, "current_version": VERSION},
    )
    return TEMPLATE


@fact("A standard change starts with the values of its template", tag="D Change API")
async def test_a_standard_change_comes_from_a_template(api: Changes, template: str) -> None:
    given = {"short_description": "Clear it today", "test_plan": "None", "nothing": "1"}
    response = await api.post(f"{CHG}/standard/{template}", given)
    assert response.status_code == 200
    result = response.json()["result"]
    assert result["type"]["value"] == "standard"
    assert result["chg_model"]["display_value"] == "Standard"
    assert result["short_description"]["value"] == "Clear it today"
    assert result["assignment_group"]["value"] == NETWORK
    assert result["std_change_producer_version"] == {
        "display_value": "Cache - 1",
        "value": VERSION,
    }
    assert result["state"]["value"] == float(NEW)


@fact("The plans of a standard change are those of its template", tag="D Change API")
async def test_the_plans_of_a_template_stay(api: Changes, template: str) -> None:
    given = {"test_plan": "Mine", "backout_plan": "Mine", "description": "Mine"}
    result = (await api.post(f"{CHG}/standard/{template}", given)).json()["result"]
    assert result["test_plan"]["value"] == "Look"
    assert result["backout_plan"]["value"] == ""
    assert result["__meta"]["ignoredFields"] == ["description", "backout_plan", "test_plan"]


async def test_there_is_no_change_from_an_unknown_or_retired_template(
    api: Changes, template: str
) -> None:
    assert (await api.post(f"{CHG}/standard/{NETWORK}", {})).status_code == 404
    api.instance.update("std_change_record_producer", template, {"active": "false"})
    assert (await api.post(f"{CHG}/standard/{template}", {})).status_code == 404


@fact("Standard change templates can be listed and read", tag="D Change API")
async def test_templates_are_listed(api: Changes, template: str) -> None:
    listed = await api.result(f"{CHG}/standard/template", textSearch="cache")
    assert [one["sys_id"]["value"] for one in listed] == [template]
    one = await api.result(f"{CHG}/standard/template/{template}")
    assert one["template"]["display_value"] == "Cache"
    assert (await api.get(f"{CHG}/standard/template/{NETWORK}")).status_code == 404


@fact("Change models can be listed and read through the Change Management API", tag="D Change API")
async def test_models_are_listed(api: Changes) -> None:
    listed = await api.result(f"{CHG}/model", sysparm_query="available_in_ui=true")
    names = [one["name"]["value"] for one in listed]
    assert names == sorted(names)
    assert "Change Registration" not in names
    model = await api.result(f"{CHG}/model/007c4001c343101035ae3f52c1d3aeb2")
    assert model["record_preset"]["value"] == "type=normal^EQ"
    assert model["default_change_model"] == {"display_value": "true", "value": True}
    assert model["sys_class_name"] == {"display_value": "Change Model", "value": "chg_model"}


@fact("A task of a change is made, changed and deleted below its change", tag="D Change API")
async def test_the_life_of_a_task(api: Changes) -> None:
    sys_id = await api.created()
    path = f"{CHG}/{sys_id}/task"
    made = await api.post(path, {"short_description": "Dig", "x": "1"}, change_task_type="Planning")
    assert made.status_code == 200
    task = made.json()["result"]
    assert task["parent"]["value"] == sys_id
    assert task["change_request"]["value"] == sys_id
    assert task["change_task_type"] == {"display_value": "Planning", "value": "planning"}
    assert task["__meta"]["ignoredFields"] == ["x"]
    one = f"{path}/{task['sys_id']['value']}"
    changed = await api.patch(one, {"state": "In Progress"})
    assert changed.json()["result"]["state"] == {"display_value": "In Progress", "value": 2.0}
    assert (await api.patch(one, {"state": "closed"})).status_code == 400
    assert [row["number"] for row in await api.result(path)] == [task["number"]]
    gone = await api.call("DELETE", one, by="e" * 32)
    assert gone.json()["result"]["state"]["display_value"] == "In Progress"
    assert (await api.get(one)).status_code == 404


@fact("A task is found below its own change only", tag="D Change API")
async def test_a_task_of_another_change_is_not_found(api: Changes) -> None:
    mine, other = await api.created(), await api.created()
    made = await api.post(f"{CHG}/{mine}/task", {"short_description": "Dig"})
    task = made.json()["result"]["sys_id"]["value"]
    assert (await api.get(f"{CHG}/{mine}/task/{task}")).status_code == 200
    assert (await api.get(f"{CHG}/{other}/task/{task}")).status_code == 404
    assert (await api.patch(f"{CHG}/{other}/task/{task}", {"state": "2"})).status_code == 404


async def test_tasks_are_filtered_by_query(api: Changes) -> None:
    sys_id = await api.in_state("-2")
    await api.moved(sys_id, IMPLEMENT)
    found = await api.result(
        f"{CHG}/{sys_id}/task", sysparm_query="active=true^ORDERBYDESCnumber", sysparm_limit="1"
    )
    assert [one["short_description"]["value"] for one in found] == ["Post implementation testing"]


def worker(answer: Any) -> str:
    """The sys_id of the worker that an answer names."""
    return str(answer.json()["result"]["worker"]["sysId"])


@fact(
    "Items are associated with a change by a worker: the request is 202 and waits, the worker says"
    " what became of it",
    tag="D Change API",
)
@pytest.mark.parametrize("given", [[MAIL], MAIL])
async def test_items_are_associated(api: Changes, given: object) -> None:
    sys_id = await api.created()
    body = {"cmdb_ci_sys_ids": given, "association_type": "affected"}
    response = await api.post(f"{CHG}/{sys_id}/ci", body)
    assert response.status_code == 202
    result = response.json()["result"]
    assert result["state"] == {"value": 1, "display_value": "Waiting"}
    assert result["type"] == "affected"
    assert f'"task":"{sys_id}"' in result["request"]
    assert result["worker"]["link"].endswith(f"/api/sn_chg_rest/change/worker/{worker(response)}")
    progress = await api.result(f"{CHG}/worker/{worker(response)}")
    assert progress["state"] == {"value": 3, "display_value": "Complete"}
    assert progress["messages"] == {
        "errorMessages": [],
        "warningMessages": [],
        "infoMessages": [],
    }
    listed = await api.result(f"{CHG}/{sys_id}/ci", association_type="affected")
    assert [one["ci_item"] for one in listed] == [{"display_value": "mail-01", "value": MAIL}]


async def test_an_unknown_item_is_an_error_of_the_worker(api: Changes) -> None:
    sys_id = await api.created()
    body = {"cmdb_ci_sys_ids": [NETWORK, MAIL, MAIL], "association_type": "affected"}
    response = await api.post(f"{CHG}/{sys_id}/ci", body)
    progress = await api.result(f"{CHG}/worker/{worker(response)}")
    assert progress["state"]["display_value"] == "Error"
    assert "Invalid CMDB_CI sys_id provided" in progress["messages"]["errorMessages"][0]
    assert "already associated" in progress["messages"]["infoMessages"][0]
    assert api.instance.count("task_ci", f"task={sys_id}") == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"association_type": "affected"},
        {"association_type": "near", "cmdb_ci_sys_ids": [MAIL]},
        {"association_type": ["affected"], "cmdb_ci_sys_ids": [MAIL]},
        {"association_type": "affected", "cmdb_ci_sys_ids": []},
        {"association_type": "affected", "cmdb_ci_sys_ids": [1]},
        {"association_type": "affected", "cmdb_ci_sys_ids": {"a": "b"}},
        [],
    ],
)
async def test_an_association_that_makes_no_sense_is_400(api: Changes, body: object) -> None:
    sys_id = await api.created()
    assert (await api.post(f"{CHG}/{sys_id}/ci", body)).status_code == 400


@fact("The list of a change's items takes an association type", tag="D Change API")
async def test_the_list_of_items_takes_a_type(api: Changes) -> None:
    sys_id = await api.created()
    assert (await api.get(f"{CHG}/{sys_id}/ci")).status_code == 400
    assert await api.result(f"{CHG}/{sys_id}/ci", association_type="offering") == []


@fact("Impacted services are found from the primary and the affected items", tag="D Change API")
async def test_impacted_services_are_refreshed(api: Changes) -> None:
    api.instance.insert("cmdb_ci_service", {"sys_id": "7" * 32, "name": "Post"})
    sys_id = await api.created(cmdb_ci="7" * 32)
    response = await api.call("POST", f"{CHG}/{sys_id}/refresh_impacted_services")
    assert response.status_code == 200
    assert response.json()["result"]["type"] == "impacted"
    found = await api.result(f"{CHG}/{sys_id}/ci", association_type="impacted")
    assert [one["cmdb_ci_service"]["display_value"] for one in found] == ["Post"]
    body = {
        "cmdb_ci_sys_ids": [MAIL],
        "association_type": "affected",
        "refresh_impacted_services": True,
    }
    await api.post(f"{CHG}/{sys_id}/ci", body)
    assert api.instance.count("task_cmdb_ci_service", f"task={sys_id}") == 1


async def test_a_worker_takes_its_time_where_the_switch_says_so() -> None:
    api = Changes(Switches(change_worker_seconds=30))
    sys_id = await api.created()
    body = {"cmdb_ci_sys_ids": [NETWORK], "association_type": "affected"}
    response = await api.post(f"{CHG}/{sys_id}/ci", body)
    progress = await api.result(f"{CHG}/worker/{worker(response)}")
    assert progress["state"] == {"value": 2, "display_value": "In-Progress"}
    assert progress["messages"]["errorMessages"] == []
    api.instance.switches.change_worker_seconds = 0
    progress = await api.result(f"{CHG}/worker/{worker(response)}")
    assert progress["state"]["value"] == 4


async def test_charlie_learns_nothing_of_workers_and_items(api: Changes) -> None:
    sys_id = await api.created()
    body = {"cmdb_ci_sys_ids": [MAIL], "association_type": "affected"}
    response = await api.post(f"{CHG}/{sys_id}/ci", body, by=ABEL)
    assert (await api.get(f"{CHG}/worker/{worker(response)}", by=CHARLIE)).status_code == 403
    assert (await api.post(f"{CHG}/{sys_id}/ci", body, by=CHARLIE)).status_code == 403
    assert await api.result("/table/task_ci", by=CHARLIE) == []
    assert await api.result("/table/chg_mgt_worker", by=CHARLIE) == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"<request><entry/></request>", "application/xml", 415),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
    ],
)
async def test_items_are_named_in_a_json_object(
    api: Changes, content: bytes, kind: str, status: int
) -> None:
    path = f"{CHG}/{await api.created()}/ci"
    response = await api.call("POST", path, content=content, headers={"Content-Type": kind})
    assert response.status_code == status
