"""The Batch API: several requests in one, each as if it came alone."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.access.acls import READ, Acl
from simulator.api.batch_items import Outcome
from simulator.api.batch_request import Item
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, CHARLIE, FIRST, NOW, Api, small_instance

DOCUMENTED = "D Batch API"
LIST = "/api/now/table/incident?sysparm_limit=1&sysparm_fields=number"


@pytest.fixture
def api() -> Api:
    return Api()


def item(url: str = LIST, method: str = "GET", body: object = None, **more: object) -> Any:
    """An item with an id; `body` is sent as JSON."""
    given = {"id": "1", "method": method, "url": url, **more}
    if body is not None:
        given["body"] = base64.b64encode(json.dumps(body).encode()).decode()
        given.setdefault("headers", [{"name": "Content-Type", "value": "application/json"}])
    return given


async def batch(api: Api, *items: Any, by: str = ABEL, **more: Any) -> Any:
    """The answer to a batch of these items."""
    answer = await api.call(
        "POST",
        "/api/now/v1/batch",
        by=by,
        json={"batch_request_id": "7", "rest_requests": list(items)},
        **more,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def body_of(serviced: Any) -> Any:
    return json.loads(base64.b64decode(serviced["body"]))


@fact(
    "Each item of a batch is answered with its id, status, headers and body in Base64",
    tag=DOCUMENTED,
)
async def test_each_item_is_answered(api: Api) -> None:
    answer = await batch(api, item(id="a"), item("/api/now/table/u_nope", id="b"))
    first, second = answer["serviced_requests"]
    assert (first["id"], first["status_code"], first["status_text"]) == ("a", 200, "OK")
    assert body_of(first) == {"result": [{"number": "INC0000001"}]}
    assert {"name": "X-Total-Count", "value": "5"} in first["headers"]
    assert isinstance(first["execution_time"], int)
    assert (second["id"], second["status_code"]) == ("b", 400)
    assert second["status_text"] == "Bad Request"
    assert answer["unserviced_requests"] == []


@fact(
    "The id of a batch comes back as a text, also where a number was sent", tag="C PySNC asserts it"
)
@pytest.mark.parametrize(("sent", "answered"), [(4, "4"), ("x", "x"), ("", "")])
async def test_the_id_of_a_batch_is_a_text(api: Api, sent: object, answered: str) -> None:
    asked = {"batch_request_id": sent, "rest_requests": []}
    answer = await api.post("/batch", asked)
    assert answer.json() == {
        "batch_request_id": answered,
        "serviced_requests": [],
        "unserviced_requests": [],
    }


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
async def test_every_version_of_the_api_answers(api: Api, version: str) -> None:
    answer = await api.post(f"/api/now{version}/batch", {"rest_requests": [item()]})
    assert answer.json()["serviced_requests"][0]["status_code"] == 200


@fact("Items run in their order, each seeing what those before it wrote", tag="R")
async def test_items_run_in_order(api: Api) -> None:
    path = f"/api/now/table/incident/{FIRST}"
    answer = await batch(
        api,
        item(path, "PATCH", {"short_description": "Quenched"}),
        item(f"{path}?sysparm_fields=short_description", id="2"),
        item(path, "DELETE", id="3"),
    )
    statuses = [one["status_code"] for one in answer["serviced_requests"]]
    assert statuses == [200, 200, 403]
    assert body_of(answer["serviced_requests"][1])["result"] == {"short_description": "Quenched"}


@fact("A batch is no transaction: what succeeded stays although a later item fails", tag="R")
async def test_a_failing_item_undoes_nothing(api: Api) -> None:
    new = item("/api/now/table/incident", "POST", {"short_description": "New"})
    answer = await batch(api, new, item("/api/now/table/incident/none", "PATCH", {}))
    assert [one["status_code"] for one in answer["serviced_requests"]] == [201, 404]
    assert api.instance.count("incident", "short_description=New") == 1


@fact("`exclude_response_headers` leaves the headers of an item's answer out", tag=DOCUMENTED)
async def test_headers_may_be_left_out(api: Api) -> None:
    answer = await batch(api, item(exclude_response_headers=True), item())
    assert answer["serviced_requests"][0]["headers"] == []
    assert answer["serviced_requests"][1]["headers"]


@fact("An item without an Accept header is answered with JSON", tag="C PySNC sends none")
async def test_an_item_needs_no_accept_header(api: Api) -> None:
    answer = await batch(api, item("/api/now/table/incident", "POST", {}))
    assert answer["serviced_requests"][0]["status_code"] == 201


async def test_an_item_may_say_what_it_accepts(api: Api) -> None:
    headers = [{"name": "Accept", "value": "image/png"}]
    answer = await batch(api, item(headers=headers))
    assert answer["serviced_requests"][0]["status_code"] == 406


@fact("What refuses an item is its `error_message` too", tag="R")
async def test_a_refused_item_has_an_error_message(api: Api) -> None:
    answer = await batch(api, item("/api/now/table/u_nope"))
    assert answer["serviced_requests"][0]["error_message"] == "Invalid table u_nope"


async def test_an_answer_that_is_no_json_has_no_error_message(api: Api) -> None:
    answer = await batch(api, item(f"/api/now/table/{'x' * 1001}"))
    serviced = answer["serviced_requests"][0]
    assert serviced["status_code"] == 414
    assert "error_message" not in serviced


@fact("An item that is redirected says where to", tag=DOCUMENTED)
def test_an_item_that_is_redirected_says_where_to() -> None:
    asked = Item("1", "GET", LIST, (), b"", with_headers=False)
    shown = Outcome(302, [("location", "/elsewhere")]).as_json(asked, milliseconds=7)
    assert (shown["redirect_url"], shown["execution_time"]) == ("/elsewhere", 7)
    assert "redirect_url" not in Outcome(201, [("location", "/x")]).as_json(asked, milliseconds=7)
    assert Outcome(299).as_json(asked, milliseconds=7)["status_text"] == ""


async def test_an_item_without_content_has_an_empty_body(api: Api) -> None:
    answer = await batch(api, item(method="HEAD"))
    assert answer["serviced_requests"][0]["body"] == ""
    assert answer["serviced_requests"][0]["status_code"] == 200


async def test_items_act_as_the_sender_of_the_batch_and_see_no_more(api: Api) -> None:
    answer = await batch(api, item(f"/api/now/table/incident/{FIRST}"), by=CHARLIE)
    assert answer["serviced_requests"][0]["status_code"] == 404
    api.instance.access.add(
        Acl(table="incident", operation=READ, field="number", roles=frozenset({"x"}))
    )
    seen = await batch(api, item())
    assert body_of(seen["serviced_requests"][0]) == {"result": [{}]}


@fact(
    "An item is named by a relative path: no other host can be reached through a batch",
    tag=DOCUMENTED,
)
@pytest.mark.parametrize(
    "url",
    [
        "https://small.test/api/now/table/incident",
        "//small.test/api/now/table/incident",
        "http://[::1",
        "/login.do",
        "/simulator/journal",
        "",
        "/",
    ],
)
async def test_only_paths_of_apis_are_served(api: Api, url: str) -> None:
    answer = await batch(api, item(url))
    assert answer["serviced_requests"][0]["status_code"] == 400
    assert body_of(answer["serviced_requests"][0])["error"]["message"] == "Invalid batch item"


@fact("A batch cannot hold another batch", tag="R")
@pytest.mark.parametrize("url", ["/api/now/batch", "/api/now/v1/batch/", "/api/now/v2/%62atch?x=1"])
async def test_a_batch_inside_a_batch_is_refused(api: Api, url: str) -> None:
    answer = await batch(api, item(url, "POST", {"rest_requests": []}))
    assert answer["serviced_requests"][0]["status_code"] == 400


async def test_a_body_that_is_no_base64_is_refused_alone(api: Api) -> None:
    broken = item("/api/now/table/incident", "POST", {}) | {"body": "!"}
    answer = await batch(api, broken, item(id="2"))
    assert [one["status_code"] for one in answer["serviced_requests"]] == [400, 200]


async def test_a_body_may_have_line_breaks(api: Api) -> None:
    given = item("/api/now/table/incident", "POST", {"short_description": "Broken into lines"})
    given["body"] = "\n   ".join((given["body"][:20], given["body"][20:]))
    answer = await batch(api, given)
    assert answer["serviced_requests"][0]["status_code"] == 201


async def test_an_unknown_method_is_405(api: Api) -> None:
    answer = await batch(api, item(method="BREW"), item(method="delete"))
    assert [one["status_code"] for one in answer["serviced_requests"]] == [405, 405]


async def test_odd_characters_in_an_address_survive(api: Api) -> None:
    answer = await batch(
        api,
        item("/api/now/table/incident?sysparm_query=short_descriptionLIKEü ß\u2028&x"),
        item(
            "/api/now/table/incident?sysparm_query=short_descriptionLIKE%20is%20&sysparm_fields=number"
        ),
    )
    first, second = answer["serviced_requests"]
    assert body_of(first) == {"result": []}
    assert [one["number"] for one in body_of(second)["result"]] == ["INC0000003", "INC0000004"]


@fact(
    "An item whose body is larger than 5 MB is not run, nor are those after it: their ids are "
    "in `unserviced_requests`",
    tag=DOCUMENTED,
)
async def test_too_large_an_item_and_those_after_it_are_not_run(api: Api) -> None:
    large = item("/api/now/table/incident", "POST", {"description": "x" * 5 * 1024 * 1024}, id="2")
    answer = await batch(api, item(), large, item(id="3"))
    assert [one["id"] for one in answer["serviced_requests"]] == ["1"]
    assert answer["unserviced_requests"] == ["2", "3"]


@fact("A property sets how large an item may be, at most 10 MB", tag=DOCUMENTED)
async def test_a_property_limits_the_body_of_an_item(api: Api) -> None:
    limit = {"name": "glide.rest.batch.max.inputSize", "value": "10"}
    api.instance.insert("sys_properties", limit)
    answer = await batch(
        api, item(), item("/api/now/table/incident", "POST", {"a": "b" * 9}, id="2")
    )
    assert answer["unserviced_requests"] == ["2"]


@fact(
    "A header may make the limit of an answer smaller than the property, never larger",
    tag=DOCUMENTED,
)
@pytest.mark.parametrize(
    ("limit", "asked", "left"),
    [
        ("", "10", ["1", "2"]),
        ("10", "100000", ["1", "2"]),
        ("100000", "100000", []),
        ("nonsense", "", []),
    ],
)
async def test_the_largest_answer(api: Api, limit: str, asked: str, left: list[str]) -> None:
    name = "glide.rest.batch.max.outputSize"
    api.instance.insert("sys_properties", {"name": name, "value": limit})
    headers = {"X-BATCHREQUEST-MAX-OUTPUT-SIZE": asked}
    answer = await batch(api, item(), item(id="2"), headers=headers)
    assert answer["unserviced_requests"] == left


@fact("What is not run within 30 seconds of a batch is not run at all", tag=DOCUMENTED)
async def test_a_batch_ends_after_thirty_seconds() -> None:
    moments: Iterator[datetime] = (NOW + timedelta(seconds=number) for number in range(10_000))
    api = Api(small_instance(clock=lambda: next(moments)))
    api.instance.insert("sysrule_quota", {"url": "/api/now/batch", "max_duration": "30"})
    answer = await batch(api, *(item(id=str(number)) for number in range(50)))
    serviced = len(answer["serviced_requests"])
    assert 1 < serviced < 30
    assert answer["unserviced_requests"] == [str(number) for number in range(serviced, 50)]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"rest_requests": {}},
        {"rest_requests": [1]},
        {"rest_requests": [{}]},
        {"rest_requests": [item() | {"id": None}]},
        {"rest_requests": [item() | {"id": True}]},
        {"rest_requests": [item() | {"method": []}]},
        {"rest_requests": [item() | {"url": {}}]},
        {"rest_requests": [item() | {"body": {}}]},
        {"rest_requests": [item() | {"headers": {}}]},
        {"rest_requests": [item() | {"headers": [1]}]},
        {"rest_requests": [item() | {"headers": [{"name": "x"}]}]},
        {"rest_requests": [], "batch_request_id": {}},
    ],
)
async def test_a_batch_that_is_none_is_400_and_nothing_is_run(api: Api, asked: Any) -> None:
    before = api.instance.count("incident")
    if isinstance(asked.get("rest_requests"), list):
        asked["rest_requests"].insert(0, item("/api/now/table/incident", "POST", {}))
    answer = await api.post("/batch", asked)
    assert answer.status_code == 400
    assert answer.json()["status"] == "failure"
    assert api.instance.count("incident") == before


async def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    for content in (b"", b"[", b"[]", b"\xff"):
        headers = {"Content-Type": "application/json"}
        answer = await api.call("POST", "/batch", content=content, headers=headers)
        assert answer.status_code == 400
    headers = {"Content-Type": "text/plain"}
    assert (await api.call("POST", "/batch", content=b"{}", headers=headers)).status_code == 415
    assert (await api.call("POST", "/batch", content=b"{}")).status_code == 400
    large = b" " * (10 * 1024 * 1024 + 1)
    headers = {"Content-Type": "application/json"}
    assert (await api.call("POST", "/batch", content=large, headers=headers)).status_code == 413


async def test_only_post_is_possible_and_only_for_people(api: Api) -> None:
    assert (await api.get("/batch")).status_code == 405
    assert (await api.call("POST", "/batch", by=None, json={})).status_code == 401
