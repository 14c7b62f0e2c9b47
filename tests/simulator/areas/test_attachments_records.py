"""On which records files may hang, by the table that the client names."""

import pytest

from simulator.areas.every import PLUGINS
from tests.simulator.areas.test_attachments_api import attached, upload
from tests.simulator.facts import fact
from tests.simulator.small_instance import BETH, CHARLIE, DANA, FIRST, MAIL, SECOND, Api


@pytest.fixture
def api() -> Api:
    return Api()


@fact("A file may be attached to a record by the name of a table that its own one extends", tag="R")
async def test_a_table_above_that_of_the_record_may_be_named(api: Api) -> None:
    assert (await upload(api, table="task", by=DANA)).status_code == 201
    sys_id = (await attached(api, table="task", record=SECOND))["sys_id"]
    assert (await api.get(f"/attachment/{sys_id}", by=BETH)).status_code == 200
    seen = await api.result("/attachment", by=CHARLIE)
    assert [one["sys_id"] for one in seen] == [sys_id]


@pytest.mark.parametrize("table", ["problem", "cmdb_ci", "sys_user", "sys_journal_field"])
async def test_another_table_has_no_such_record(api: Api, table: str) -> None:
    assert (await upload(api, table=table, record=FIRST, by=DANA)).status_code == 404


async def test_a_class_is_found_below_the_table_named(api: Api) -> None:
    assert (await upload(api, table="cmdb_ci", record=MAIL, by=DANA)).status_code == 201


async def test_a_record_of_a_table_without_classes_has_files_too(api: Api) -> None:
    result = await attached(api, table="sys_user", record=BETH, by=DANA)
    assert (await api.get(f"/attachment/{result['sys_id']}", by=CHARLIE)).status_code == 200
    refused = await upload(api, table="sys_user", record=BETH, by=CHARLIE)
    assert refused.status_code == 403


async def test_a_record_whose_class_is_empty_is_of_the_table_itself(api: Api) -> None:
    root = api.instance.dictionary.root("cmdb_ci")
    api.instance.store.write(f'UPDATE "{root}" SET "sys_class_name" = ?', ("",))
    assert (await upload(api, table=root, record=MAIL, by=DANA)).status_code == 201
    assert (await upload(api, table="cmdb_ci", record=MAIL, by=DANA)).status_code == 404


@fact("Files of image fields hang on the record under a table name that begins with ZZ_YY", tag="R")
async def test_files_of_image_fields_follow_their_record(api: Api) -> None:
    hidden = await attached(api, table="ZZ_YYincident")
    assert (await api.get(f"/attachment/{hidden['sys_id']}")).status_code == 200
    assert (await api.get(f"/attachment/{hidden['sys_id']}", by=CHARLIE)).status_code == 404


async def test_a_table_of_a_plugin_that_is_absent_has_no_records(api: Api) -> None:
    story = api.instance.insert("rm_story", {"short_description": "As a test"})
    assert (await upload(api, table="rm_story", record=story, by=DANA)).status_code == 201
    api.instance.switches.absent_plugins = (PLUGINS["rm_story"],)
    assert (await upload(api, table="rm_story", record=story, by=DANA)).status_code == 404


@fact(
    "Attaching, renaming, reading and deleting a file leaves an event with its name and its table",
    tag="D Attachments: attachment.uploaded, .renamed, .read and .deleted",
)
async def test_what_happens_to_a_file_is_an_event(api: Api) -> None:
    sys_id = (await attached(api, name="first.txt"))["sys_id"]
    path = f"/table/sys_attachment/{sys_id}"
    await api.patch(path, {"file_name": "second.txt"})
    await api.patch(path, {"state": "available"}, by=DANA)
    await api.get(f"/attachment/{sys_id}/file", by=BETH)
    await api.call("HEAD", f"/attachment/{sys_id}/file")
    await api.call("DELETE", f"/attachment/{sys_id}")
    events = api.instance.query("sysevent", f"instance={sys_id}")
    assert [(one["name"], one["parm1"], one["parm2"], one["user_name"]) for one in events] == [
        ("attachment.uploaded", "first.txt", "incident", "abel.tuter"),
        ("attachment.renamed", "second.txt", "incident", "abel.tuter"),
        ("attachment.read", "second.txt", "incident", "beth.anglin"),
        ("attachment.deleted", "second.txt", "incident", "abel.tuter"),
    ]


@pytest.mark.parametrize("kind", ["text/html\r\nX-Evil: 1", "text/日本", "a\x00b", ""])
async def test_a_type_written_to_a_file_breaks_no_header(api: Api, kind: str) -> None:
    sys_id = (await attached(api))["sys_id"]
    await api.patch(f"/table/sys_attachment/{sys_id}", {"content_type": kind}, by=BETH)
    response = await api.get(f"/attachment/{sys_id}/file", by=BETH)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
