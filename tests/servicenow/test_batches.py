"""Several lists in one request, and instances that do not take such a request."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from servicenow.client import ServiceNowClient
from servicenow.exceptions import RateLimited, ServerFault
from servicenow.query import Query
from servicenow.tables import Listing
from tests.servicenow.instance import (
    ScriptedInstance,
    TokenTray,
    page,
    refused,
    row,
    unauthenticated,
)

GROUPS = Listing("sys_user_group", Query().equals("name", "Net^work"), ("name",), 3)
PEOPLE = Listing("sys_user", Query().equals("user_name", "abel"), ("user_name",), 2)


def item(number: int, *rows: Mapping[str, Any], status: int = 200) -> dict[str, Any]:
    """What one item was answered."""
    body = b64encode(json.dumps({"result": list(rows)}).encode()).decode()
    return {"id": str(number), "status_code": status, "body": body}


def batch(*items: Mapping[str, Any]) -> httpx.Response:
    """Answer a batch."""
    answered = {"serviced_requests": list(items), "unserviced_requests": []}
    return httpx.Response(200, json={"batch_request_id": "1", **answered})


async def test_several_lists_are_one_request_and_come_back_in_their_order(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(batch(item(1, row(sys_id="u1")), item(0, row(sys_id="g1"), row(sys_id="g2"))))
    pages = await client.tables.list_together([GROUPS, PEOPLE])
    assert [[one.sys_id for one in each.records] for each in pages if each] == [
        ["g1", "g2"],
        ["u1"],
    ]
    (request,) = instance.requests
    assert (request.method, request.url.path) == ("POST", "/api/now/v1/batch")
    sent = json.loads(request.content)["rest_requests"]
    assert {one["method"] for one in sent} == {"GET"}
    asked = [urlsplit(one["url"]) for one in sent]
    assert [one.path for one in asked] == [
        "/api/now/table/sys_user_group",
        "/api/now/table/sys_user",
    ]
    parameters = parse_qs(asked[0].query)
    assert parameters["sysparm_query"] == [str(GROUPS.query)] == ["name=Net^^work"]
    assert parameters["sysparm_fields"] == ["sys_id,name"]
    assert parameters["sysparm_limit"] == ["3"]


async def test_what_a_batch_does_not_answer_is_left_to_a_request_of_its_own(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    broken = {"id": "0", "status_code": 200, "body": "no base64!"}
    for failing in (item(0, status=403), item(0, status=503), broken, {}):
        instance.replies(batch(failing, item(1, row(sys_id="u1"))))
        first, second = await client.tables.list_together([GROUPS, PEOPLE])
        assert first is None
        assert second is not None


async def test_an_instance_that_takes_no_batches_is_not_asked_again(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    refusals = (
        refused(403, "Unauthorized", "Access to unscoped api is not allowed"),
        refused(400, "Requested URI does not represent any resource"),
        httpx.Response(200, json={"result": []}),
    )
    for refusal in refusals:
        instance.requests.clear()
        client.batches = type(client.batches)(client)
        instance.replies(refusal)
        for _ in range(2):
            assert await client.tables.list_together([GROUPS, PEOPLE]) == [None, None]
        assert len(instance.requests) == 1


async def test_a_batch_of_reads_is_repeated_as_a_read_and_fails_as_one(
    client: ServiceNowClient, instance: ScriptedInstance, tokens: TokenTray
) -> None:
    instance.replies(unauthenticated(), page("down", 503), batch(item(0), item(1)))
    assert None not in await client.tables.list_together([GROUPS, PEOPLE])
    assert tokens.stale == ["first"]
    for failure, reply in ((ServerFault, page("down", 503)), (RateLimited, refused(429, "Limit"))):
        instance.requests.clear()
        instance.replies(*([reply] * 3))
        with pytest.raises(failure):
            await client.tables.list_together([GROUPS, PEOPLE])
        assert len(instance.requests) == 3
