"""The API of pipelines for update sets: create, retrieve, preview, commit, back out, progress."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.areas.update_sets import seed
from simulator.areas.update_sets.payloads import UnreadablePayload, payload, recorded
from simulator.data.sys_ids import stable_sys_id
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, HOST, NOW, Api, small_instance

ROOT = "/api/sn_cicd/update_set"
COMPLETE = stable_sys_id("sys_update_set", "Mail notifications")
FOOTER = stable_sys_id("sys_properties", "acme.mail.footer")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the instance."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Api:
    """The APIs of a small instance with update sets."""
    api = Api(small_instance(clock=clock))
    seed.plant(api.instance)
    return api


async def start(api: Api, path: str, body: object = None, by: str = DANA, **params: str) -> Any:
    """Start something; its progress when it has ended."""
    response = await api.call("POST", f"{ROOT}/{path}", by=by, params=params, json=body)
    assert response.status_code == 200, response.text
    return await ended(api, response.json()["result"]["links"]["progress"]["id"])


async def ended(api: Api, progress: str) -> Any:
    """The progress after as many polls as it takes."""
    result: Any = {}
    for _ in range(3):
        result = await api.result(f"/api/sn_cicd/progress/{progress}", by=DANA)
        if result["status"] in "23":
            break
    return result


async def retrieved(api: Api, **params: str) -> str:
    """The sys_id of a retrieved copy of the complete demo set."""
    asked = {"update_set_id": COMPLETE, "update_source_id": seed.SOURCE, **params}
    result = await start(api, "retrieve", **asked)
    assert result["status"] == "2", result
    return str(result["links"]["results"]["id"])


async def refused(api: Api, path: str, body: object = None, **params: str) -> int:
    """The status of what cannot be started; why is told."""
    response = await api.call("POST", f"{ROOT}/{path}", by=DANA, params=params, json=body)
    if response.status_code != 200:
        assert response.json()["status"] == "failure"
        assert response.json()["error"]["message"]
    return response.status_code


@fact(
    "Creating an update set for a pipeline answers 201 with update_set_id",
    tag="D CICD Update Set API",
)
async def test_a_set_is_created_in_an_application(api: Api) -> None:
    asked = {"update_set_name": "Sprint 7", "scope": "x_acme_hw_desk", "description": "All of it"}
    response = await api.call("POST", f"{ROOT}/create", by=DANA, params=asked)
    assert response.status_code == 201
    result = response.json()["result"]
    assert result == {
        "status": "2",
        "status_label": "",
        "status_message": "Successfully created update set: Sprint 7",
        "status_detail": "",
        "error": "",
        "update_set_id": result["update_set_id"],
    }
    row = api.instance.row("sys_update_set", result["update_set_id"]) or {}
    assert (row["name"], row["application"]) == ("Sprint 7", seed.APPLICATION)
    assert row["sys_created_by"] == "dana.admin"


@fact(
    "Creating an update set without a name or an application is 400",
    tag="D CICD Update Set API; the body is R",
)
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"update_set_name": " "},
        {"update_set_name": "x"},
        {"update_set_name": "x", "scope": "no"},
    ],
)
async def test_a_set_needs_a_name_and_an_application(api: Api, asked: dict[str, str]) -> None:
    assert await refused(api, "create", **asked) == 400


@fact(
    "The update-set API of pipelines needs sn_cicd.sys_ci_automation or admin",
    tag="D CICD Update Set API",
)
async def test_pipelines_need_their_role(api: Api) -> None:
    for person in (ABEL, BETH):
        response = await api.call("POST", f"{ROOT}/back_out", by=person)
        assert response.status_code == 403
        assert (await api.get("/api/sn_cicd/progress/x", by=person)).status_code == 403
    role = stable_sys_id("sys_user_role", "sn_cicd.sys_ci_automation")
    api.instance.insert("sys_user_has_role", {"user": ABEL, "role": role})
    response = await api.call("POST", f"{ROOT}/back_out", by=ABEL)
    assert response.status_code == 400


@fact(
    "What a pipeline starts answers Pending with a link to its progress",
    tag="D CICD Update Set API",
)
async def test_progress_goes_from_pending_to_running_to_successful(api: Api) -> None:
    asked = {"update_set_id": COMPLETE, "update_source_id": seed.SOURCE}
    response = await api.call("POST", f"{ROOT}/retrieve", by=DANA, params=asked)
    first = response.json()["result"]
    progress = first["links"]["progress"]["id"]
    address = f"{HOST}/api/sn_cicd/progress/{progress}"
    assert first == {
        "links": {"progress": {"id": progress, "url": address}},
        "status": "0",
        "status_label": "Pending",
        "status_message": "",
        "status_detail": "",
        "error": "",
        "percent_complete": 0,
    }
    running = await api.result(f"/api/sn_cicd/progress/{progress}", by=DANA)
    assert (running["status"], running["status_label"]) == ("1", "Running")
    assert running["percent_complete"] == 50
    done = await api.result(f"/api/sn_cicd/v1/progress/{progress}", by=DANA)
    assert (done["status"], done["status_label"]) == ("2", "Successful")
    assert (done["percent_complete"], done["error"]) == (100, "")
    again = await api.result(f"/api/sn_cicd/progress/{progress}", by=DANA)
    assert again == done
    made = done["links"]["results"]
    assert made["url"] == f"{HOST}/api/now/table/sys_remote_update_set/{made['id']}"


async def test_progress_ends_by_the_clock_too(api: Api, clock: Clock) -> None:
    asked = {"update_set_id": COMPLETE, "update_source_id": seed.SOURCE}
    response = await api.call("POST", f"{ROOT}/retrieve", by=DANA, params=asked)
    progress = response.json()["result"]["links"]["progress"]["id"]
    clock.now += timedelta(seconds=5)
    assert (await api.result(f"/api/sn_cicd/progress/{progress}", by=DANA))["status"] == "2"


async def test_a_set_is_retrieved_with_what_is_in_it(api: Api) -> None:
    copy = await retrieved(api)
    row = api.instance.row("sys_remote_update_set", copy) or {}
    assert (row["name"], row["state"]) == ("Mail notifications", "loaded")
    assert (row["remote_sys_id"], row["application_scope"]) == (COMPLETE, "global")
    assert api.instance.count("sys_update_xml", f"remote_update_set={copy}") == 1


async def test_a_set_is_retrieved_once_unless_the_old_copy_is_cleaned_up(api: Api) -> None:
    first = await retrieved(api)
    asked = {"update_set_id": COMPLETE, "update_source_id": seed.SOURCE}
    again = await start(api, "retrieve", **asked)
    assert (again["status"], again["status_label"]) == ("3", "Failed")
    assert "already been retrieved" in again["error"]
    await retrieved(api, cleanup_retrieved="true")
    assert api.instance.row("sys_remote_update_set", first) is None
    assert api.instance.count("sys_remote_update_set") == 1
    assert api.instance.count("sys_update_xml", "remote_update_setISNOTEMPTY") == 1


async def test_what_is_not_complete_or_not_there_cannot_be_retrieved(api: Api) -> None:
    for wanted in ("nowhere", stable_sys_id("sys_update_set", "Incident form")):
        asked = {"update_set_id": wanted, "update_source_id": seed.SOURCE}
        assert (await start(api, "retrieve", **asked))["status"] == "3"
    assert await refused(api, "retrieve", update_source_id=seed.SOURCE) == 400
    assert await refused(api, "retrieve", update_set_id=COMPLETE) == 404


async def test_a_source_is_found_by_its_instance_id(api: Api) -> None:
    source = api.instance.row("sys_update_set_source", seed.SOURCE) or {}
    asked = {"update_set_id": COMPLETE, "update_source_instance_id": source["instance_id"]}
    assert (await start(api, "retrieve", **asked))["status"] == "2"


@fact("auto_preview previews an update set when it is retrieved", tag="D CICD Update Set API")
async def test_a_retrieved_set_may_be_previewed_at_once(api: Api) -> None:
    copy = await retrieved(api, auto_preview="true")
    assert (api.instance.row("sys_remote_update_set", copy) or {})["state"] == "previewed"


@fact(
    "An update set has to be previewed before it is committed, unless force_commit says so",
    tag="D CICD Update Set API; the answer is R",
)
async def test_a_commit_needs_a_preview(api: Api) -> None:
    copy = await retrieved(api)
    assert await refused(api, f"commit/{copy}") == 400
    assert (await start(api, f"preview/{copy}"))["status"] == "2"
    assert (await start(api, f"commit/{copy}"))["status"] == "2"


@fact(
    "Committing applies every change and makes a local copy of the update set",
    tag="D CICD Update Set API",
)
async def test_a_commit_writes_the_records_and_a_local_set(api: Api) -> None:
    copy = await retrieved(api)
    done = await start(api, f"commit/{copy}", {"force_commit": "true"})
    assert done["status"] == "2"
    local = api.instance.row("sys_update_set", done["links"]["results"]["id"]) or {}
    assert (local["name"], local["state"]) == ("Mail notifications", "complete")
    assert (local["remote_sys_id"], local["installed_from"]) == (copy, "Acme Development")
    assert (api.instance.row("sys_properties", FOOTER) or {})["value"] == "Sent by Acme"
    row = api.instance.row("sys_remote_update_set", copy) or {}
    assert (row["state"], row["inserted"], row["updated"]) == ("committed", "1", "0")
    assert api.instance.count("sys_update_xml", f"update_set={local['sys_id']}") == 1
    assert await refused(api, f"commit/{copy}") == 409


@fact(
    "Backing out an update set puts records back as they were before it was committed",
    tag="D CICD Update Set API",
)
async def test_committing_a_change_is_undone_by_backing_out(api: Api) -> None:
    api.instance.insert("sys_properties", {"sys_id": FOOTER, "name": "f", "value": "Before"})
    await api.patch(f"/table/sys_properties/{FOOTER}", {"value": "By hand"}, by=DANA)
    copy = await retrieved(api)
    done = await start(api, f"commit/{copy}", {"force_commit": True})
    assert (api.instance.row("sys_properties", FOOTER) or {})["value"] == "Sent by Acme"
    local = done["links"]["results"]["id"]
    assert (await start(api, "back_out", update_set_id=local))["status"] == "2"
    assert (api.instance.row("sys_properties", FOOTER) or {})["value"] == "By hand"
    assert api.instance.row("sys_update_set", local) is None
    assert (api.instance.row("sys_remote_update_set", copy) or {})["state"] == "backedout"


async def test_backing_out_removes_what_a_commit_had_made(api: Api) -> None:
    copy = await retrieved(api)
    done = await start(api, f"commit/{copy}", {"force_commit": "true"})
    await start(api, "back_out", update_set_id=done["links"]["results"]["id"])
    assert api.instance.row("sys_properties", FOOTER) is None


async def test_what_cannot_be_backed_out_is_refused(api: Api) -> None:
    assert await refused(api, "back_out") == 400
    assert await refused(api, "back_out", update_set_id="nowhere") == 404
    open_set = stable_sys_id("sys_update_set", "Incident form")
    assert await refused(api, "back_out", update_set_id=open_set) == 400


async def test_a_preview_finds_newer_local_changes_and_missing_tables(api: Api) -> None:
    copy = await retrieved(api)
    newer = {"name": f"sys_properties_{FOOTER}", "sys_recorded_at": "2027-01-01 00:00:00"}
    local = stable_sys_id("sys_update_set", "Incident form")
    api.instance.insert("sys_update_xml", {**newer, "update_set": local})
    for text in (payload("u_gone", [{"sys_id": "1"}], action="DELETE"), "no xml"):
        api.instance.insert("sys_update_xml", {"payload": text, "remote_update_set": copy})
    done = await start(api, f"preview/{copy}")
    assert done["status_message"] == "Preview complete. 3 problems found"
    found = api.instance.query("sys_update_preview_problem", f"remote_update_set={copy}")
    assert {one["description"] for one in found} == {
        "Found a local update that is newer than this one",
        "Table 'u_gone' does not exist",
        "The payload of the update cannot be read",
    }
    assert await refused(api, f"commit/{copy}", {"force_commit": "true"}) == 400
    for one in found:
        path = f"/table/sys_update_preview_problem/{one['sys_id']}"
        await api.patch(path, {"status": "skipped"}, by=DANA)
    assert (await start(api, f"commit/{copy}"))["status"] == "2"
    assert api.instance.row("sys_properties", FOOTER) is None  # its update was skipped


async def test_a_commit_that_fails_writes_nothing(api: Api) -> None:
    copy = await retrieved(api)
    text = payload("u_gone", [{"sys_id": "1"}], action="INSERT_OR_UPDATE")
    values = {"payload": text, "remote_update_set": copy, "sys_recorded_at": "2027-01-01 00:00:00"}
    api.instance.insert("sys_update_xml", values)
    done = await start(api, f"commit/{copy}", {"force_commit": "true"})
    assert done["status"] == "3"
    assert "was not committed" in done["error"]
    assert api.instance.row("sys_properties", FOOTER) is None


async def test_a_set_that_deletes_is_committed_and_backed_out(api: Api) -> None:
    sys_id = api.instance.insert("sys_properties", {"name": "old", "value": "1"})
    row = api.instance.row("sys_properties", sys_id) or {}
    copy = api.instance.insert("sys_remote_update_set", {"name": "Less", "state": "previewed"})
    update = {"name": f"sys_properties_{sys_id}", "action": "DELETE", "remote_update_set": copy}
    update["payload"] = payload("sys_properties", [row], action="DELETE")
    api.instance.insert("sys_update_xml", update)
    done = await start(api, f"commit/{copy}")
    assert api.instance.row("sys_properties", sys_id) is None
    assert (api.instance.row("sys_remote_update_set", copy) or {})["deleted"] == "1"
    local = done["links"]["results"]["id"]
    assert (await start(api, "back_out", update_set_id=local))["status"] == "2"


async def test_a_set_that_cannot_be_undone_stays(api: Api) -> None:
    copy = await retrieved(api)
    done = await start(api, f"commit/{copy}", {"force_commit": "true"})
    local = done["links"]["results"]["id"]
    for update in api.instance.query("sys_update_xml", f"update_set={local}"):
        api.instance.update("sys_update_xml", update["sys_id"], {"payload": "spoiled"})
    failed = await start(api, "back_out", update_set_id=local)
    assert (failed["status"], "cannot be read" in failed["error"]) == ("3", True)
    assert api.instance.row("sys_update_set", local) is not None


async def test_of_several_sets_one_that_fails_ends_the_commit(api: Api) -> None:
    sets = [
        api.instance.insert("sys_remote_update_set", {"name": name, "state": "previewed"})
        for name in ("bad", "good")
    ]
    api.instance.insert("sys_update_xml", {"payload": "x", "remote_update_set": sets[0]})
    done = await start(api, "commitMultiple", remote_update_set_ids=",".join(sets))
    assert done["status"] == "3"
    assert (api.instance.row("sys_remote_update_set", sets[1]) or {})["state"] == "previewed"


async def test_several_sets_are_committed_in_order(api: Api) -> None:
    copy = await retrieved(api)
    other = api.instance.insert("sys_remote_update_set", {"name": "Empty", "state": "previewed"})
    asked = {"remote_update_set_ids": f"{other},{copy}"}
    assert await refused(api, "commitMultiple", **asked) == 400
    await start(api, f"preview/{copy}")
    assert (await start(api, "commitMultiple", **asked))["status"] == "2"
    states = {row["state"] for row in api.instance.query("sys_remote_update_set")}
    assert states == {"committed"}
    assert await refused(api, "commitMultiple", **asked) == 409
    assert (await start(api, "commitMultiple", {"force_commit": "true"}, **asked))["status"] == "2"
    assert await refused(api, "commitMultiple") == 400
    assert await refused(api, "commitMultiple", remote_update_set_ids="nowhere") == 404


@pytest.mark.parametrize("path", ["preview/nowhere", "commit/nowhere", "commit/%00"])
async def test_a_set_that_is_not_there_is_404(api: Api, path: str) -> None:
    assert await refused(api, path) == 404


async def test_a_body_that_is_no_json_is_400_and_a_progress_of_nothing_404(api: Api) -> None:
    for content in (b"{", b"[]", b"\xff", b"1"):
        response = await api.call("POST", f"{ROOT}/commit/x", by=DANA, content=content)
        assert response.status_code == 400
    assert (await api.get("/api/sn_cicd/progress/nothing", by=DANA)).status_code == 404


async def test_without_the_plugin_the_api_is_unknown(api: Api) -> None:
    api.instance.switches.absent_plugins = ("com.glide.continuousdelivery",)
    assert (await api.call("POST", f"{ROOT}/create", by=DANA)).status_code == 400


async def test_a_tracker_that_somebody_spoiled_is_still_told(api: Api) -> None:
    values = {"name": "x", "result": "no json", "start_time": "never"}
    progress = api.instance.insert("sys_execution_tracker", values)
    assert (await ended(api, progress))["status"] == "2"
    progress = api.instance.insert("sys_execution_tracker", values | {"result": "[1]"})
    assert (await ended(api, progress))["status"] == "2"


@pytest.mark.parametrize(
    "text", ["", "<a>", "<a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a><b/></a>', "x" * 100, "\x00"]
)
def test_a_payload_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadablePayload):
        recorded(text)
