"""Articles, imports, batches, files, update sets and configuration items, from first to last."""

import base64
import json
from typing import Any

import httpx

from tests.simulator.flow import BASE
from tests.simulator.somebody import People, people

__all__ = ["people"]

ARTICLES = "sn_km_api/knowledge/articles"
PICKER = "/api/now/ui/concoursepicker"


async def test_an_article_is_searched_for_and_read_by_its_number(people: People) -> None:
    charlie, admin = people.charlie, people.admin
    found = await charlie.get(ARTICLES, query="vpn", limit="1", fields="number,author")
    assert found["meta"]["status"] == {"code": 200}
    (article,) = found["articles"]
    assert "<B>VPN</B>" in article["snippet"]
    assert set(article["fields"]["author"]) == {"display_value", "name", "label", "type", "value"}
    table, _, sys_id = article["id"].partition(":")
    before = int((await admin.row(table, f"sys_id={sys_id}"))["sys_view_count"])
    read = await charlie.get(f"{ARTICLES}/{article['number']}", update_view="true")
    assert (read["sys_id"], read["number"]) == (sys_id, article["number"])
    assert read["content"].startswith("<h2>")
    assert int((await admin.row(table, f"sys_id={sys_id}"))["sys_view_count"]) == before + 1
    assert (await charlie.refused("GET", f"{ARTICLES}/KB9999999"))[0] == 404


async def test_people_are_imported_and_brought_up_to_date(people: People) -> None:
    admin, row = people.admin, {"user_id": "nora.new", "first_name": "Nora", "last_name": "New"}
    first = (await admin.ask("POST", "now/import/imp_user", json=row)).json()
    assert (first["staging_table"], first["result"][0]["status"]) == ("imp_user", "inserted")
    assert first["result"][0]["display_value"] == "Nora New"
    made = first["result"][0]["sys_id"]
    assert first["result"][0]["record_link"] == f"{BASE}/api/now/table/sys_user/{made}"
    answer = await admin.ask("POST", "now/import/imp_user", json=row | {"title": "Clerk"})
    (second,) = answer.json()["result"]
    assert (answer.status_code, second["status"], second["sys_id"]) == (201, "updated", made)
    assert (await admin.row("sys_user", "user_name=nora.new"))["title"] == "Clerk"
    assert (await people.charlie.refused("POST", "now/import/imp_user", row))[0] == 403


def item(number: int, method: str, url: str, body: object = None) -> dict[str, Any]:
    """One request of a batch."""
    names = ("Accept", "Content-Type")
    text = base64.b64encode(json.dumps(body).encode()).decode() if body else ""
    return {
        "id": str(number),
        "method": method,
        "url": url,
        "headers": [{"name": name, "value": "application/json"} for name in names],
        "body": text,
    }


async def test_one_batch_holds_calls_of_many_apis(people: People) -> None:
    asked = [
        item(1, "POST", "/api/now/table/incident", {"short_description": "By batch"}),
        item(2, "GET", "/api/now/table/incident?sysparm_query=short_description=By batch"),
        item(3, "GET", "/api/now/stats/incident?sysparm_count=true"),
        item(4, "GET", "/api/sn_sc/servicecatalog/catalogs"),
        item(5, "GET", "/api/now/table/nope"),
        item(6, "DELETE", f"/api/now/table/incident/{'0' * 32}"),
        item(7, "GET", "/api/sn_km_api/knowledge/articles/KB0000005"),
    ]
    batch = {"batch_request_id": 7, "rest_requests": asked}
    answer = (await people.abel.ask("POST", "now/v1/batch", json=batch)).json()
    assert (answer["batch_request_id"], answer["unserviced_requests"]) == ("7", [])
    served = answer["serviced_requests"]
    assert [one["id"] for one in served] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [one["status_code"] for one in served] == [201, 200, 200, 200, 400, 404, 200]
    bodies = [json.loads(base64.b64decode(one["body"])) for one in served]
    assert bodies[1]["result"][0]["sys_id"] == bodies[0]["result"]["sys_id"]
    assert bodies[2] == {"result": {"stats": {"count": "241"}}}
    assert served[4]["error_message"] == "Invalid table nope"


async def test_a_file_goes_up_and_comes_down_again(people: People) -> None:
    abel, content = people.abel, bytes(range(256)) * 40
    incident = (await abel.rows("incident", "active=true", sysparm_limit="1"))[0]["sys_id"]
    place = {"table_name": "incident", "table_sys_id": incident}
    answer = await abel.ask(
        "POST",
        "now/attachment/file",
        params=place | {"file_name": "trace.bin"},
        content=content,
        headers={"Content-Type": "application/octet-stream"},
    )
    made = answer.json()["result"]
    link = f"{BASE}/api/now/attachment/{made['sys_id']}/file"
    assert (answer.status_code, made["download_link"]) == (201, link)
    assert answer.headers["location"] == link
    assert (made["size_bytes"], made["compressed"]) == (str(len(content)), "true")
    down = await abel.ask("GET", made["download_link"].removeprefix(BASE))
    assert (down.content, down.headers["content-type"]) == (content, "application/octet-stream")
    assert json.loads(down.headers["x-attachment-metadata"])["hash"] == made["hash"]
    form = await abel.ask(
        "POST",
        "now/attachment/upload",
        data=place,
        files={"uploadFile": ("note.txt", b"Hello", "text/plain")},
    )
    assert (form.status_code, form.json()["result"]["file_name"]) == (201, "note.txt")
    listed = await abel.get("now/attachment", sysparm_query=f"table_sys_id={incident}")
    assert {"trace.bin", "note.txt"} <= {one["file_name"] for one in listed}
    charlies = await people.charlie.get("now/attachment", sysparm_query=f"table_sys_id={incident}")
    assert charlies == []
    assert (await abel.ask("DELETE", f"now/attachment/{made['sys_id']}")).status_code == 204
    assert (await abel.refused("GET", f"now/attachment/{made['sys_id']}"))[0] == 404


async def chosen(people: People, sys_id: str) -> httpx.Response:
    """The picker of a page of the instance puts an update set first."""
    headers = {"Origin": BASE, "Referer": f"{BASE}/now/nav/ui/classic", "X-UserToken": "a-token"}
    return await people.admin.ask(
        "PUT", f"{PICKER}/updateset", json={"value": sys_id}, headers=headers
    )


async def test_an_update_set_is_chosen_filled_and_completed(people: People) -> None:
    admin = people.admin
    assert (await people.abel.refused("POST", "now/table/sys_update_set", {"name": "Mine"}))[
        0
    ] == 403
    made = await admin.post("now/table/sys_update_set", {"name": "Close sooner"})
    assert (made["state"], made["application"]["value"]) == ("in progress", "global")
    assert (await chosen(people, made["sys_id"])).status_code == 200
    setting = await admin.row("sys_properties", "name=glide.ui.autoclose.time")
    await admin.patch(f"now/table/sys_properties/{setting['sys_id']}", {"value": "3"})
    captured = await admin.row("sys_update_xml", f"update_set={made['sys_id']}")
    assert captured["name"] == f"sys_properties_{setting['sys_id']}"
    assert (captured["action"], captured["type"]) == ("INSERT_OR_UPDATE", "System Property")
    assert "<value>3</value>" in captured["payload"]
    path = f"now/table/sys_update_set/{made['sys_id']}"
    assert (await admin.patch(path, {"state": "complete"}))["completed_on"]
    await admin.patch(f"now/table/sys_properties/{setting['sys_id']}", {"value": "4"})
    still = await admin.row("sys_update_xml", f"update_set={made['sys_id']}")
    assert "<value>3</value>" in still["payload"]


async def test_a_server_is_entered_related_changed_and_found(people: People) -> None:
    beth, servers = people.beth, "now/cmdb/instance/cmdb_ci_linux_server"
    body = {"source": "ServiceNow", "attributes": {"name": "lx-new", "ram": "2048"}}
    made = await beth.post(servers, body)
    sys_id = made["attributes"]["sys_id"]
    runs_on = await beth.row("cmdb_rel_type", "name=Runs on::Runs")
    application = (await beth.rows("cmdb_ci_appl", "ORDERBYname", sysparm_limit="1"))[0]
    related = await beth.post(
        f"{servers}/{sys_id}/relation",
        {
            "source": "ServiceNow",
            "inbound_relations": [
                {"type": runs_on["sys_id"], "target": application["sys_id"]},
            ],
        },
    )
    (relation,) = related["inbound_relations"]
    assert relation["type"]["display_value"] == "Runs on::Runs"
    assert relation["target"]["display_value"] == application["name"]
    row = await beth.row("cmdb_rel_ci", f"sys_id={relation['sys_id']}")
    assert (row["parent"], row["child"]) == (application["sys_id"], sys_id)
    more = {"source": "ServiceNow", "attributes": {"ram": "4096"}}
    await beth.patch(f"{servers}/{sys_id}", more)
    assert (await beth.row("cmdb_ci_server", "name=lx-new"))["ram"] == "4096"
    found = await beth.get(servers, sysparm_query="name=lx-new")
    assert found == [{"sys_id": sys_id, "name": "lx-new"}]
    end = await beth.ask("DELETE", f"{servers}/{sys_id}/relation/{relation['sys_id']}")
    assert end.status_code == 200
    assert (await beth.get(f"{servers}/{sys_id}"))["inbound_relations"] == []
    assert (await people.charlie.refused("GET", servers))[0] == 403
