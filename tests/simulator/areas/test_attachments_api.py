"""The Attachment API: lists, downloads, the two ways to upload, deletion, and who may do what."""

import hashlib
import json
import re
from typing import Any

import httpx
import pytest

from simulator.access.acls import READ, Acl
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIFTH,
    FIRST,
    HOST,
    SECOND,
    Api,
)

DOCUMENTED = "D Attachment API"
TEXT = b"It burns\n" * 100


@pytest.fixture
def api() -> Api:
    return Api()


async def upload(
    api: Api,
    *,
    by: str = ABEL,
    record: str = FIRST,
    table: str = "incident",
    name: str = "fire.txt",
    content: bytes = TEXT,
    content_type: str = "text/plain",
    **more: str,
) -> httpx.Response:
    """Upload a file as the body of a request."""
    named = {"table_name": table, "table_sys_id": record, "file_name": name, **more}
    headers = {"Content-Type": content_type}
    return await api.call(
        "POST", "/attachment/file", by=by, params=named, content=content, headers=headers
    )


async def attached(api: Api, **more: Any) -> Any:
    """What the API says of a file that was uploaded."""
    answer = await upload(api, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def form(*parts: tuple[str, bytes]) -> bytes:
    """A form with the boundary `x`; each part by its disposition and content."""
    head = "--x\r\nContent-Disposition: form-data; {}\r\n\r\n"
    return (
        b"".join(head.format(name).encode() + body + b"\r\n" for name, body in parts) + b"--x--\r\n"
    )


@fact(
    "An upload is answered 201 with what is known of the file, every value a text",
    tag="M a published answer of a developer instance",
)
async def test_an_upload_is_answered_with_what_is_known(api: Api) -> None:
    answer = await upload(api)
    result = answer.json()["result"]
    assert answer.status_code == 201
    expected = {
        "file_name": "fire.txt",
        "content_type": "text/plain",
        "table_name": "incident",
        "table_sys_id": FIRST,
        "size_bytes": str(len(TEXT)),
        "compressed": "true",
        "chunk_size_bytes": "700000",
        "hash": hashlib.sha256(TEXT).hexdigest(),
        "state": "pending",
        "image_width": "",
        "image_height": "",
        "average_image_color": "",
        "sys_created_by": "abel.tuter",
        "sys_updated_by": "abel.tuter",
        "sys_created_on": "2026-11-20 09:00:00",
        "sys_updated_on": "2026-11-20 09:00:00",
        "sys_mod_count": "0",
        "sys_tags": "",
        "sys_id": result["sys_id"],
        "size_compressed": result["size_compressed"],
        "download_link": f"{HOST}/api/now/attachment/{result['sys_id']}/file",
    }
    assert result == expected
    assert re.fullmatch(r"[0-9a-f]{32}", result["sys_id"])
    assert int(result["size_compressed"]) < len(TEXT)


@fact(
    "The Location of an upload is the address of the file itself",
    tag="M a published answer of a developer instance",
)
async def test_the_location_is_the_address_of_the_file(api: Api) -> None:
    answer = await upload(api)
    assert answer.headers["location"] == answer.json()["result"]["download_link"]


@fact(
    "A download is the file as it came, with its content type and, in a header, its metadata",
    tag=DOCUMENTED,
)
async def test_a_download_is_the_file(api: Api) -> None:
    result = await attached(api, name="blåbær.txt")
    answer = await api.get(f"/attachment/{result['sys_id']}/file")
    assert (answer.status_code, answer.content) == (200, TEXT)
    assert answer.headers["content-type"] == "text/plain"
    assert json.loads(answer.headers["x-attachment-metadata"]) == result


async def test_large_files_come_back_from_their_pieces(api: Api) -> None:
    content = hashlib.shake_256(b"noise").digest(1_500_000)
    result = await attached(api, content=content, content_type="application/octet-stream")
    assert api.instance.count("sys_attachment_doc", f"sys_attachment={result['sys_id']}") == 3
    answer = await api.get(f"/attachment/{result['sys_id']}/file")
    assert answer.content == content


async def test_an_empty_file_is_a_file(api: Api) -> None:
    result = await attached(api, content=b"")
    assert result["size_bytes"] == "0"
    assert (await api.get(f"/attachment/{result['sys_id']}/file")).content == b""


@fact(
    "A download whose type the client does not accept is 406",
    tag="D Attachment API: Accept image/jpeg accepts JPEG files exclusively; the status is R",
)
@pytest.mark.parametrize(
    ("accept", "status"),
    [("text/plain", 200), ("text/*", 200), ("image/png, */*;q=0.1", 200), ("image/*", 406)],
)
async def test_a_download_of_a_type_not_accepted(api: Api, accept: str, status: int) -> None:
    result = await attached(api)
    path = f"/attachment/{result['sys_id']}/file"
    answer = await api.call("GET", path, headers={"Accept": accept})
    assert answer.status_code == status


@fact("A file is downloaded by a client that accepts JSON only", tag="C PySNC")
async def test_a_client_of_json_downloads_files(api: Api) -> None:
    path = f"/attachment/{(await attached(api))['sys_id']}/file"
    answer = await api.call("GET", path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content) == (200, TEXT)


async def test_head_answers_without_a_body(api: Api) -> None:
    result = await attached(api)
    for path in ("", f"/{result['sys_id']}", f"/{result['sys_id']}/file"):
        answer = await api.call("HEAD", f"/attachment{path}")
        assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(TEXT))


@fact("The metadata of one attachment and a list of them have the same keys", tag=DOCUMENTED)
async def test_one_and_many(api: Api) -> None:
    first, second = await attached(api), await attached(api, record=SECOND, name="second.txt")
    assert await api.result(f"/attachment/{first['sys_id']}") == first
    assert await api.result("/attachment") == [first, second]


@fact(
    "A list of attachments takes an encoded query on sys_attachment, with an order", tag=DOCUMENTED
)
async def test_a_list_takes_a_query(api: Api) -> None:
    for name in ("b.txt", "a.txt", "c.png"):
        await attached(api, name=name)
    query = f"table_sys_id={FIRST}^file_nameENDSWITH.txt^ORDERBYfile_name"
    found = await api.result("/attachment", sysparm_query=query)
    assert [one["file_name"] for one in found] == ["a.txt", "b.txt"]
    assert len(await api.result("/attachment", file_name="c.png")) == 1


@fact("A list of attachments says how many there are", tag="C PySNC reads X-Total-Count")
async def test_a_list_has_a_total_and_links(api: Api) -> None:
    for name in ("a", "b", "c"):
        await attached(api, name=name)
    answer = await api.get("/v1/attachment", sysparm_limit="2", sysparm_offset="1")
    assert [one["file_name"] for one in answer.json()["result"]] == ["b", "c"]
    assert answer.headers["x-total-count"] == "3"
    assert 'rel="prev"' in answer.headers["link"]
    bare = await api.get("/attachment", sysparm_suppress_pagination_header="true")
    assert "link" not in bare.headers
    assert "x-total-count" not in (await api.get("/attachment", sysparm_no_count="true")).headers


@fact("A list of attachments has at most 1000 unless another limit is given", tag=DOCUMENTED)
async def test_a_list_has_at_most_a_thousand(api: Api) -> None:
    values = {"table_name": "incident", "table_sys_id": FIRST, "file_name": "many"}
    api.instance.insert_many("sys_attachment", [values] * 1003)
    assert len(await api.result("/attachment")) == 1000
    assert len(await api.result("/attachment", sysparm_limit="1002")) == 1002


@fact("A file may be said to have been attached at another time", tag=DOCUMENTED)
async def test_the_time_of_creation_may_be_given(api: Api) -> None:
    result = await attached(api, creation_time="2026-11-01 08:00:00")
    assert result["sys_created_on"] == "2026-11-01 08:00:00"
    assert (await upload(api, creation_time="yesterday")).status_code == 400


@fact("A form names table and record first and brings the file last", tag=DOCUMENTED)
async def test_a_form_brings_a_file(api: Api) -> None:
    fields = {"table_name": "incident", "table_sys_id": FIRST}
    answer = await api.call(
        "POST",
        "/v1/attachment/upload",
        data=fields,
        files={"uploadFile": ("fire.png", TEXT, "image/png")},
    )
    result = answer.json()["result"]
    assert answer.status_code == 201
    assert (result["file_name"], result["content_type"]) == ("fire.png", "image/png")
    assert (await api.get(f"/attachment/{result['sys_id']}/file")).content == TEXT


async def test_a_file_without_a_name_or_type_gets_them(api: Api) -> None:
    body = form(
        ('name="table_name"', b"incident"),
        ('name="table_sys_id"', FIRST.encode()),
        ('name="file"; filename=""', b"hm"),
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.call("POST", "/attachment/upload", content=body, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["result"]["content_type"] == "application/octet-stream"
    assert answer.json()["result"]["file_name"] == "file"


@fact("A form whose file comes before table and record, or that has none, is 400", tag="R")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data", b"nonsense"),
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=x", form(('name="table_name"', b"incident"))),
        (
            "multipart/form-data; boundary=x",
            form(('name="file"; filename="a"', b"hm"), ('name="table_name"', b"incident")),
        ),
    ],
)
async def test_a_form_that_is_none_is_400(api: Api, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type}
    answer = await api.call("POST", "/attachment/upload", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["status"] == "failure"


@fact("An upload without file_name, table_name or table_sys_id is 400", tag=DOCUMENTED)
@pytest.mark.parametrize("missing", ["table_name", "table_sys_id", "file_name"])
async def test_an_upload_with_something_missing_is_400(api: Api, missing: str) -> None:
    named = {"table_name": "incident", "table_sys_id": FIRST, "file_name": "a"}
    del named[missing]
    headers = {"Content-Type": "text/plain"}
    answer = await api.call("POST", "/attachment/file", params=named, content=b"x", headers=headers)
    assert answer.status_code == 400
    assert missing in answer.json()["error"]["detail"]


@fact("An upload must say of which type the file is", tag=DOCUMENTED)
async def test_an_upload_without_a_type_is_400(api: Api) -> None:
    named = {"table_name": "incident", "table_sys_id": FIRST, "file_name": "a"}
    answer = await api.call("POST", "/attachment/file", params=named, content=b"x")
    assert answer.status_code == 400


@fact("A file for a record that is not there, or may not be read, is 404", tag=DOCUMENTED)
async def test_a_file_for_no_record_is_404(api: Api) -> None:
    assert (await upload(api, record="f" * 32)).status_code == 404
    assert (await upload(api, table="u_nope")).status_code == 404
    assert (await upload(api, by=CHARLIE)).status_code == 404
    assert api.instance.count("sys_attachment") == 0


@fact(
    "Who may read a record and not write it may not attach a file to it: 403",
    tag="D Attachment API, the roles; the status is R",
)
async def test_a_file_for_a_record_that_may_not_be_written_is_403(api: Api) -> None:
    assert (await upload(api, by=CHARLIE, record=SECOND)).status_code == 201
    closed = await upload(api, by=BETH, record=FIFTH)
    assert closed.status_code == 403
    assert "ACL Exception Insert Failed" in closed.json()["error"]["detail"]


@fact("Who may not read a record sees none of its files, in lists they are left out", tag="R")
async def test_files_are_hidden_with_their_record(api: Api) -> None:
    hidden = (await attached(api))["sys_id"]
    shown = (await attached(api, record=SECOND))["sys_id"]
    answer = await api.get("/attachment", by=CHARLIE)
    assert [one["sys_id"] for one in answer.json()["result"]] == [shown]
    assert answer.headers["x-total-count"] == "2"
    for path in (f"/attachment/{hidden}", f"/attachment/{hidden}/file"):
        assert (await api.get(path, by=CHARLIE)).status_code == 404
    assert (await api.call("DELETE", f"/attachment/{hidden}", by=CHARLIE)).status_code == 404


@fact("The Table API hides the rows of attachments as the Attachment API does", tag="R")
async def test_the_table_api_hides_files_too(api: Api) -> None:
    hidden = (await attached(api))["sys_id"]
    assert await api.result("/table/sys_attachment", by=CHARLIE) == []
    assert (await api.get(f"/table/sys_attachment/{hidden}", by=CHARLIE)).status_code == 404
    assert (await api.get(f"/table/sys_attachment/{hidden}", by=BETH)).status_code == 200


@fact("The pieces of files (sys_attachment_doc) are for admins only", tag="R")
async def test_pieces_are_for_admins(api: Api) -> None:
    await attached(api)
    assert await api.result("/table/sys_attachment_doc", by=ABEL) == []
    assert len(await api.result("/table/sys_attachment_doc", by=DANA)) == 1


async def test_a_file_cannot_be_moved_or_changed_over_the_table_api(api: Api) -> None:
    before = await attached(api)
    changes = {"table_sys_id": SECOND, "hash": "", "size_bytes": "1", "file_name": "renamed.txt"}
    path = f"/table/sys_attachment/{before['sys_id']}"
    assert (await api.patch(path, changes)).status_code == 200
    after = await api.result(f"/attachment/{before['sys_id']}")
    changed = {name for name, value in after.items() if before[name] != value}
    assert changed == {"file_name", "sys_mod_count"}


async def test_a_file_on_a_file_is_for_admins_only(api: Api) -> None:
    sys_id = (await attached(api))["sys_id"]
    on_file = {"table": "sys_attachment", "record": sys_id}
    assert (await upload(api, **on_file)).status_code == 403
    assert (await upload(api, by=DANA, **on_file)).status_code == 201
    assert len(await api.result("/attachment", by=ABEL)) == 1


@fact("Deleting an attachment is 204, and its pieces go with it", tag=DOCUMENTED)
async def test_deleting_takes_the_pieces_along(api: Api) -> None:
    path = f"/attachment/{(await attached(api))['sys_id']}"
    answer = await api.call("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.instance.count("sys_attachment_doc") == 0
    assert (await api.call("DELETE", path)).status_code == 404
    assert (await api.get(path)).status_code == 404


@fact("Who may not write the record may not delete its files: 403", tag="R")
async def test_deleting_needs_write_access_to_the_record(api: Api) -> None:
    sys_id = (await attached(api, by=BETH, record=SECOND))["sys_id"]
    api.instance.update("incident", SECOND, {"state": "7"})
    answer = await api.call("DELETE", f"/attachment/{sys_id}")
    assert answer.status_code == 403
    assert api.instance.count("sys_attachment") == 1


@fact("Deleting a record deletes its files", tag="R")
async def test_files_go_with_their_record(api: Api) -> None:
    await attached(api)
    await attached(api, record=SECOND)
    assert (await api.call("DELETE", f"/table/incident/{FIRST}", by=DANA)).status_code == 204
    assert api.instance.count("sys_attachment") == 1
    assert api.instance.count("sys_attachment_doc") == 1


async def test_a_file_whose_pieces_are_broken_is_404(api: Api) -> None:
    sys_id = (await attached(api))["sys_id"]
    (piece,) = api.instance.query("sys_attachment_doc")
    api.instance.update("sys_attachment_doc", piece["sys_id"], {"data": "!!!"})
    assert (await api.get(f"/attachment/{sys_id}/file")).status_code == 404


async def test_fields_hidden_by_an_acl_are_no_failure(api: Api) -> None:
    sys_id = (await attached(api))["sys_id"]
    roles = frozenset({"admin"})
    for field in ("content_type", "file_name"):
        acl = Acl(table="sys_attachment", operation=READ, field=field, roles=roles)
        api.instance.access.add(acl)
    assert "file_name" not in await api.result(f"/attachment/{sys_id}")
    assert (await api.get(f"/attachment/{sys_id}/file")).status_code == 200


async def test_methods_that_are_not_served_are_405_and_nobody_is_401(api: Api) -> None:
    assert (await api.get("/attachment/file")).status_code == 405
    assert (await api.call("PUT", "/attachment")).status_code == 405
    assert (await api.get("/attachment", by=None)).status_code == 401
    answer = await api.call("GET", "/attachment", headers={"Accept": "image/png"})
    assert answer.status_code == 406
