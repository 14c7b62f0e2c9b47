"""What knowledge and catalog APIs answer in shapes that nobody documented is never believed."""

from typing import Any

import httpx
import pytest

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import NotAsDocumented, RecordNotFound
from servicenow.http import cookieless_client
from tests.tools_app.callers import ABEL, INSTANCE_URL
from tools_app.catalog import CATALOG
from tools_app.spec import make_call

SYS_ID, OTHER = "a" * 32, "b" * 32
ROW = {
    "id": f"kb_knowledge:{SYS_ID}",
    "number": "KB0000001",
    "title": "VPN",
    "snippet": "<B>VPN</B>",
}


async def answer_to(tool: str, body: Any, /, **arguments: object) -> dict[str, Any]:
    """What a tool answers on an instance that answers everything with `body`."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"result": body}))
    async with cookieless_client(transport=transport) as http:
        client = ServiceNowClient(INSTANCE_URL, http=http, tokens=FixedToken("t"))
        spec = CATALOG[tool]
        call = make_call(spec, caller=ABEL, client=client, correlation_id="c" * 32)
        result = await spec.run(call, spec.validate(arguments))
    return result.model_dump(mode="json")


@pytest.mark.parametrize(
    "body",
    [
        [],
        "none",
        {"articles": {}},
        {"meta": {"count": 1}},
        {"meta": [], "articles": []},
        {"articles": ["KB0000001"]},
        {"articles": [{"title": "without an id"}]},
    ],
    ids=str,
)
async def test_a_list_of_articles_in_another_shape_is_a_failure(body: object) -> None:
    with pytest.raises(NotAsDocumented):
        await answer_to("search_knowledge", body, query="vpn")


@pytest.mark.parametrize(("limit", "next_offset"), [(2, 2), (3, None)])
async def test_without_a_count_a_full_page_may_have_a_next_one(
    limit: int, next_offset: int | None
) -> None:
    body = {"articles": [ROW, ROW | {"id": f"kb_knowledge:{OTHER}"}]}
    found = await answer_to("search_knowledge", body, query="vpn", limit=limit)
    assert found.get("next_offset") == next_offset
    assert "total" not in found
    assert found["records"][0]["excerpt"] == "VPN"


@pytest.mark.parametrize("body", [[], "none", None], ids=str)
async def test_an_article_in_another_shape_is_a_failure(body: object) -> None:
    with pytest.raises(NotAsDocumented):
        await answer_to("get_article", body, article="KB0000001")


@pytest.mark.parametrize("body", [{}, {"sys_id": OTHER, "number": "KB0000002"}], ids=str)
async def test_another_article_than_the_one_asked_for_is_not_shown(body: object) -> None:
    for named in ("KB0000001", SYS_ID):
        with pytest.raises(RecordNotFound):
            await answer_to("get_article", body, article=named)


async def test_an_article_with_little_in_it_is_shown_with_what_there_is() -> None:
    body = {"sys_id": SYS_ID, "number": "KB0000001", "attachments": [None, {"sys_id": OTHER}]}
    found = await answer_to("get_article", body, article="KB0000001")
    assert (found["number"], found["text"]) == ("KB0000001", "")
    assert [one["sys_id"] for one in found["attachments"]] == [OTHER]


async def test_another_item_than_the_one_asked_for_is_not_fetched() -> None:
    with pytest.raises(RecordNotFound):
        await answer_to("fetch", {"sys_id": OTHER, "name": "Laptop"}, id=f"catalog:{SYS_ID}")


async def test_a_search_that_one_source_answers_strangely_is_a_failure() -> None:
    with pytest.raises(NotAsDocumented):
        await answer_to("search", {"articles": [ROW]}, query="vpn")
