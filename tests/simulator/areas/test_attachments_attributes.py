"""Renaming an attachment, and the attributes it may have."""

import httpx
import pytest

from simulator.access.acls import WRITE, Acl
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, Api

DOCUMENTED = "D Attachment API"
ALT = {"key": "alt_text", "value": "A printer on fire"}


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance."""
    return Api()


async def attached(api: Api) -> str:
    """The sys_id of a file on the first incident."""
    named = {"table_name": "incident", "table_sys_id": FIRST, "file_name": "fire.png"}
    headers = {"Content-Type": "image/png"}
    answer = await api.call("POST", "/attachment/file", params=named, content=b"x", headers=headers)
    sys_id: str = answer.json()["result"]["sys_id"]
    return sys_id


async def described(api: Api) -> str:
    """The address of the attributes of a file that has one."""
    path = f"/attachment/{await attached(api)}/attributes"
    answer = await api.post(path, ALT)
    assert (answer.status_code, answer.json()["result"]) == (201, ALT)
    return path


async def put(api: Api, path: str, body: object, *, by: str = ABEL) -> httpx.Response:
    """One PUT."""
    return await api.call("PUT", path, by=by, json=body)


@fact("PATCH renames an attachment and answers 204 without a body", tag=DOCUMENTED)
async def test_a_file_is_renamed(api: Api) -> None:
    path = f"/attachment/{await attached(api)}"
    answer = await api.patch(path, {"file_name": "smoke.png", "table_sys_id": "other"})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = await api.result(path)
    assert (shown["file_name"], shown["table_sys_id"]) == ("smoke.png", FIRST)


@pytest.mark.parametrize("body", [{}, {"file_name": ""}, {"file_name": None}, {"name": "x"}])
async def test_a_name_is_needed(api: Api, body: object) -> None:
    assert (await api.patch(f"/attachment/{await attached(api)}", body)).status_code == 400


async def test_a_file_is_not_renamed_into_a_kind_that_is_forbidden(api: Api) -> None:
    api.instance.insert("sys_properties", {"name": "glide.attachment.extensions", "value": "png"})
    path = f"/attachment/{await attached(api)}"
    assert (await api.patch(path, {"file_name": "fire.exe"})).status_code == 403
    assert (await api.result(path))["file_name"] == "fire.png"


@fact("Attributes of an attachment are keys with a value, one or all of them", tag=DOCUMENTED)
async def test_attributes_are_added_and_read(api: Api) -> None:
    path = await described(api)
    await api.post(path, {"key": "a", "value": "1"})
    assert await api.result(path) == [{"key": "a", "value": "1"}, ALT]
    assert await api.result(f"{path}/alt_text") == ALT
    assert api.instance.count("sys_attachment_attribute") == 2


@fact("PUT gives an attribute of an attachment another value", tag=DOCUMENTED)
async def test_an_attribute_is_changed(api: Api) -> None:
    path = f"{await described(api)}/alt_text"
    answer = await put(api, path, {"value": "Smoke", "key": "other"})
    assert (answer.status_code, answer.json()["result"]) == (200, {**ALT, "value": "Smoke"})
    assert await api.result(path) == {**ALT, "value": "Smoke"}
    assert (await put(api, path, {})).status_code == 400


@fact("DELETE takes one attribute of an attachment away, or all: 204", tag=DOCUMENTED)
async def test_attributes_are_deleted(api: Api) -> None:
    path = await described(api)
    assert (await api.call("DELETE", f"{path}/alt_text")).status_code == 204
    assert (await api.call("DELETE", f"{path}/alt_text")).status_code == 404
    await api.post(path, ALT)
    assert (await api.call("DELETE", path)).status_code == 204
    assert await api.result(path) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": "a"},
        {"value": "1"},
        ALT,
        {"key": "k" * 101, "value": "1"},
        {"key": [], "value": 1},
    ],
)
async def test_an_attribute_needs_a_key_of_its_own_and_a_value(api: Api, body: object) -> None:
    path = await described(api)
    assert (await api.post(path, body)).status_code == 400
    assert await api.result(path) == [ALT]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_attribute_that_is_not_there_is_404(api: Api, method: str) -> None:
    path = await described(api)
    answer = await api.call(method, f"{path}/nope", json={"value": "x"})
    assert answer.status_code == 404
    assert (await api.get(f"/attachment/{FIRST}/attributes")).status_code == 404


async def test_charlie_sees_and_changes_nothing(api: Api) -> None:
    path = await described(api)
    for method, address in (
        *(("GET", path), ("POST", path), ("DELETE", path), ("PUT", f"{path}/alt_text")),
        ("PATCH", path.removesuffix("/attributes")),
    ):
        answer = await api.call(method, address, by=CHARLIE, json={**ALT, "file_name": "x"})
        assert answer.status_code == 404
    assert await api.result("/table/sys_attachment_attribute", by=CHARLIE) == []
    assert await api.result(path) == [ALT]


async def test_who_only_reads_the_record_changes_no_attribute(api: Api) -> None:
    path = await described(api)
    api.instance.access.add(
        Acl(table="incident", operation=WRITE, roles=frozenset({"itil_admin"}), deny_unless=True)
    )
    assert await api.result(path, by=ABEL) == [ALT]
    for method, address in (("POST", path), ("DELETE", path), ("PUT", f"{path}/alt_text")):
        answer = await api.call(method, address, by=ABEL, json=ALT)
        assert answer.status_code == 403
    assert await api.result(path, by=BETH) == [ALT]


@pytest.mark.parametrize("what", ["the file", "its record"])
async def test_attributes_go_with_their_file(api: Api, what: str) -> None:
    path = await described(api)
    gone = {"the file": path.removesuffix("/attributes"), "its record": f"/table/incident/{FIRST}"}
    assert (await api.call("DELETE", gone[what], by=DANA)).status_code == 204
    assert api.instance.count("sys_attachment_attribute") == 0
