"""The lists of the knowledge API: search, filters, pages, featured and most viewed articles."""

from typing import Any

import pytest

from tests.simulator.areas.small_library import MAIL_HELP, OPEN, SALES_ONLY, VPN, library
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, Api

ARTICLES = "/api/sn_km_api/knowledge/articles"


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with a library."""
    return library()


def numbers(result: Any) -> list[str]:
    """Of the articles of a list."""
    return [article["number"] for article in result["articles"]]


@fact(
    "A list of the knowledge API has a meta block with start, end, count and the search's id,"
    " and of each article link, rank, id, title, snippet, score and number",
    tag="D Knowledge Management API",
)
async def test_a_search_answers_what_was_asked_and_the_articles_found(api: Api) -> None:
    result = await api.result(ARTICLES, query="vpn", limit="2", fields="workflow_state,author")
    assert result["meta"] == {
        "start": 0,
        "end": 2,
        "fields": "workflow_state,author",
        "query": "vpn",
        "filter": "",
        "kb": "",
        "language": "en",
        "count": 1,
        "status": {"code": 200},
        "ts_query_id": result["meta"]["ts_query_id"],
    }
    (article,) = result["articles"]
    search_id = result["meta"]["ts_query_id"]
    assert len(search_id) == 32
    assert article["link"] == (
        f"?id=kb_article_view&sys_kb_id={VPN}&sysparm_rank=1&sysparm_tsqueryId={search_id}"
    )
    assert (article["rank"], article["id"]) == (1, f"kb_knowledge:{VPN}")
    assert (article["title"], article["number"]) == ("Connect to the VPN", "KB0000001")
    assert article["score"] > 0
    assert article["fields"] == {
        "workflow_state": {
            "display_value": "Published",
            "name": "workflow_state",
            "label": "Workflow",
            "type": "string",
            "value": "published",
        },
        "author": {
            "display_value": "Abel Tuter",
            "name": "author",
            "label": "Author",
            "type": "reference",
            "value": ABEL,
        },
    }


@fact("The snippet of a found article shows the words in <B>", tag="D Knowledge Management API")
async def test_a_snippet_marks_the_words_and_nothing_else_is_markup(api: Api) -> None:
    (article,) = (await api.result(ARTICLES, query="VPN"))["articles"]
    assert article["snippet"] == "The <B>VPN</B> gives access"
    (article,) = (await api.result(ARTICLES, query="calendar"))["articles"]
    assert article["snippet"] == "Read mail &amp; <B>calendar</B>"


async def test_better_matches_come_first(api: Api) -> None:
    api.instance.update("kb_knowledge", MAIL_HELP, {"text": "use the vpn for mail"})
    result = await api.result(ARTICLES, query="vpn")
    assert numbers(result) == ["KB0000001", "KB0000002"]
    scores = [article["score"] for article in result["articles"]]
    assert scores == sorted(scores, reverse=True)


async def test_all_words_have_to_be_there_unless_no_article_has_them_all(api: Api) -> None:
    assert numbers(await api.result(ARTICLES, query="mail phone")) == ["KB0000002"]
    assert numbers(await api.result(ARTICLES, query="vpn phone")) == ["KB0000001", "KB0000002"]
    assert numbers(await api.result(ARTICLES, query="zebra")) == []


@fact(
    "Drafts, retired and expired articles are not in the lists of the knowledge API",
    tag="R, after the filter shown for most viewed articles",
)
@pytest.mark.parametrize("person", [ABEL, BETH, CHARLIE, DANA])
async def test_only_what_is_published_and_valid_is_listed(api: Api, person: str) -> None:
    listed = numbers(await api.result(ARTICLES, by=person))
    assert not {"KB0000003", "KB0000004", "KB0000005"} & set(listed)


@fact(
    "Articles that user criteria hide are missing from lists of the knowledge API and their count,"
    " without an error",
    tag="D Knowledge Management API",
)
async def test_what_user_criteria_hide_is_neither_listed_nor_counted(api: Api) -> None:
    for person, count in ((BETH, 2), (DANA, 2), (ABEL, 1), (CHARLIE, 1)):
        result = await api.result(ARTICLES, query="vpn", by=person)
        assert result["meta"]["count"] == len(result["articles"]) == count
        assert ("secret" in str(result)) is (count == 2)


async def test_a_hidden_base_gives_nothing_when_it_is_asked_for(api: Api) -> None:
    assert numbers(await api.result(ARTICLES, kb=SALES_ONLY, by=CHARLIE)) == []
    assert numbers(await api.result(ARTICLES, kb=SALES_ONLY, by=BETH)) == ["KB0000006"]
    both = await api.result(ARTICLES, kb=f"{OPEN},{SALES_ONLY}", by=BETH)
    assert both["meta"]["kb"] == f"{OPEN},{SALES_ONLY}"
    assert numbers(both) == ["KB0000001", "KB0000002", "KB0000006"]


async def test_a_filter_narrows_and_cannot_widen(api: Api) -> None:
    filtered = await api.result(ARTICLES, filter="short_descriptionLIKEmail")
    assert numbers(filtered) == ["KB0000002"]
    widened = await api.result(ARTICLES, filter="number=KB0000003^NQnumber=KB0000006")
    assert numbers(widened) == []
    ordered = await api.result(ARTICLES, filter="ORDERBYDESCnumber")
    assert numbers(ordered) == ["KB0000002", "KB0000001"]


async def test_a_filter_on_a_field_that_may_not_be_read_is_refused(api: Api) -> None:
    response = await api.get(ARTICLES, filter="author.failed_attempts>0", by=CHARLIE)
    assert response.status_code == 403
    assert response.json()["error"]["message"] == "Insufficient rights to query records"


@fact(
    "The knowledge API gives 30 articles unless limit says otherwise",
    tag="D Knowledge Management API",
)
async def test_pages_begin_at_offset_and_have_30_articles_by_default(api: Api) -> None:
    for each in range(40):
        values = {"short_description": f"More {each}", "kb_knowledge_base": OPEN}
        values |= {"workflow_state": "published", "valid_to": "2027-01-01"}
        api.instance.insert("kb_knowledge", values | {"number": f"KB00001{each:02d}"})
    first = await api.result(ARTICLES)
    assert (len(first["articles"]), first["meta"]["end"], first["meta"]["count"]) == (30, 30, 42)
    last = await api.result(ARTICLES, offset="40", limit="10")
    assert (last["meta"]["start"], last["meta"]["end"], len(last["articles"])) == (40, 50, 2)
    assert [article["rank"] for article in last["articles"]] == [41, 42]


@pytest.mark.parametrize("number", ["x", "-1", "9" * 5000, "1.5", "٣", ""])
async def test_a_limit_that_is_no_number_counts_as_not_given(api: Api, number: str) -> None:
    result = await api.result(ARTICLES, limit=number, offset=number)
    assert (result["meta"]["start"], result["meta"]["end"]) == (0, 30)


@fact(
    "The language of a knowledge list is the person's unless given; all searches every language",
    tag="D Knowledge Management API",
)
async def test_the_language_is_the_persons_own_unless_given(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"language": "de"})
    assert numbers(await api.result(ARTICLES)) == ["KB0000002"]
    assert numbers(await api.result(ARTICLES, language="de,fr")) == ["KB0000001"]
    assert len(numbers(await api.result(ARTICLES, language="all"))) == 2
    api.instance.update("sys_user", ABEL, {"preferred_language": "de"})
    assert numbers(await api.result(ARTICLES)) == ["KB0000001"]


async def test_unknown_fields_are_left_out_and_names_may_come_one_by_one(api: Api) -> None:
    response = await api.call("GET", f"{ARTICLES}?fields=topic&fields=nope,kb_knowledge_base.title")
    (first, _) = response.json()["result"]["articles"]
    assert response.json()["result"]["meta"]["fields"] == "topic,nope,kb_knowledge_base.title"
    assert list(first["fields"]) == ["topic", "kb_knowledge_base.title"]
    assert first["fields"]["kb_knowledge_base.title"]["value"] == "IT"


@fact(
    "The most viewed articles come with their view count as score", tag="D Knowledge Management API"
)
async def test_most_viewed_articles_are_ordered_by_views(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"sys_view_count": "3"})
    api.instance.update("kb_knowledge", MAIL_HELP, {"sys_view_count": "7"})
    result = await api.result(f"{ARTICLES}/most_viewed", by=CHARLIE)
    assert numbers(result) == ["KB0000002", "KB0000001"]
    assert [article["score"] for article in result["articles"]] == [7, 3]
    assert result["articles"][0]["tags"] == []
    assert "ORDERBYDESCsys_view_count" in result["meta"]["filter"]
    assert "rank" not in result["articles"][0]


@fact(
    "Featured articles are those with the keyword of the knowledge home page",
    tag="D Knowledge Management API: meta.query of the sample is homepage",
)
async def test_featured_articles_have_the_keyword_of_the_home_page(api: Api) -> None:
    api.instance.update("kb_knowledge", MAIL_HELP, {"meta": "phone homepage"})
    result = await api.result(f"{ARTICLES}/featured")
    assert numbers(result) == ["KB0000002"]
    assert (result["meta"]["query"], result["articles"][0]["score"]) == ("homepage", -1)


@fact(
    "Without its plugin the knowledge API is unknown, and its tables remain",
    tag="D Knowledge Management API; the answer is R",
)
async def test_without_the_plugin_the_api_is_unknown_and_the_tables_are_there(api: Api) -> None:
    api.instance.switches.absent_plugins = ("sn_km_api",)
    for path in (ARTICLES, f"{ARTICLES}/{VPN}", f"{ARTICLES}/most_viewed"):
        assert (await api.get(path)).status_code == 400
    assert len(await api.result("/table/kb_knowledge", by=CHARLIE)) == 3


async def test_nobody_is_401_and_other_methods_are_405(api: Api) -> None:
    assert (await api.get(ARTICLES, by=None)).status_code == 401
    assert (await api.call("POST", ARTICLES, json={})).status_code == 405
    assert (await api.get("/api/sn_km_api/v1/knowledge/articles")).status_code == 200
