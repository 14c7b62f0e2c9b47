"""The life of an article: numbers, publishing, versions, retiring; feedback and use."""

from typing import Any

import pytest

from tests.simulator.areas.small_library import DRAFT, OPEN, VPN, library
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, Api


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with a library."""
    return library()


async def written(api: Api, by: str = ABEL, **values: str) -> Any:
    """A new article in the open base."""
    body = {"short_description": "New", "kb_knowledge_base": OPEN, **values}
    response = await api.post(
        "/table/kb_knowledge", body, by=by, sysparm_exclude_reference_link="true"
    )
    assert response.status_code == 201, response.text
    return response.json()["result"]


async def test_a_new_article_is_a_draft_by_its_author_with_a_number(api: Api) -> None:
    article = await written(api)
    expected = {
        "number": "KB0010001",
        "workflow_state": "draft",
        "author": ABEL,
        "article_type": "text",
        "language": "en",
        "topic": "General",
        "active": "true",
        "latest": "true",
        "published": "",
        "sys_view_count": "0",
        "display_number": "KB0010001 v0.01",
    }
    assert {name: article[name] for name in expected} == expected


@fact(
    "Publishing an article sets when, and until when it is valid by its knowledge base",
    tag="D knowledge article validity",
)
async def test_publishing_sets_the_dates_and_the_version(api: Api) -> None:
    api.instance.update("kb_knowledge_base", OPEN, {"article_validity": "30"})
    response = await api.patch(
        f"/table/kb_knowledge/{(await written(api))['sys_id']}",
        {"workflow_state": "published"},
        by=BETH,
        sysparm_display_value="true",
    )
    article = response.json()["result"]
    assert (article["published"], article["valid_to"]) == ("20.11.2026", "20.12.2026")
    assert article["version"]["display_value"] == "1.0"
    assert article["display_number"] == "KB0010001 v1.0"


@pytest.mark.parametrize("validity", ["", "0", "-5", "x", "9" * 400])
async def test_a_base_without_a_sensible_validity_publishes_for_good(
    api: Api, validity: str
) -> None:
    api.instance.update("kb_knowledge_base", OPEN, {"article_validity": validity})
    article = await written(api, BETH, workflow_state="published")
    assert article["valid_to"] == "2100-01-01"


@fact(
    "Publishing needs a knowledge role or the management of the base; a rule aborts it otherwise",
    tag="R",
)
async def test_a_contributor_cannot_publish(api: Api) -> None:
    sys_id = (await written(api))["sys_id"]
    path = f"/table/kb_knowledge/{sys_id}"
    response = await api.patch(path, {"workflow_state": "published"})
    assert response.status_code == 403
    assert "Knowledge: Publish by role" in response.json()["error"]["detail"]
    assert (await api.patch(path, {"workflow_state": "review"})).status_code == 200
    assert (await api.patch(path, {"workflow_state": "published"}, by=DANA)).status_code == 200


@fact(
    "Publishing a new version of an article makes the former one outdated",
    tag="D knowledge article versioning",
)
async def test_publishing_a_new_version_outdates_the_former(api: Api) -> None:
    article = await written(api, BETH, number="KB0000001")
    assert (article["latest"], article["display_number"]) == ("false", "KB0000001 v0.01")
    await api.patch(
        f"/table/kb_knowledge/{article['sys_id']}", {"workflow_state": "published"}, by=BETH
    )
    former = api.instance.row("kb_knowledge", VPN) or {}
    newer = api.instance.row("kb_knowledge", article["sys_id"]) or {}
    assert (former["workflow_state"], former["latest"]) == ("outdated", "false")
    assert (newer["workflow_state"], newer["latest"]) == ("published", "true")


async def test_versions_count_up_from_the_newest(api: Api) -> None:
    first = await written(api, BETH, workflow_state="published")
    second = await written(api, BETH, number=first["number"])
    assert second["display_number"] == f"{first['number']} v1.01"
    path = f"/table/kb_knowledge/{second['sys_id']}"
    published = await api.patch(path, {"workflow_state": "published"}, by=BETH)
    assert published.json()["result"]["display_number"] == f"{first['number']} v2.0"


async def test_a_number_with_query_language_in_it_is_harmless(api: Api) -> None:
    article = await written(api, BETH, number="x^ORactive=true", workflow_state="published")
    assert article["number"] == "x^ORactive=true"
    assert (api.instance.row("kb_knowledge", VPN) or {})["latest"] == "true"


async def test_retiring_sets_the_date(api: Api) -> None:
    await api.patch(f"/table/kb_knowledge/{VPN}", {"workflow_state": "retired"}, by=BETH)
    row = api.instance.row("kb_knowledge", VPN) or {}
    assert (row["workflow_state"], row["retired"]) == ("retired", "2026-11-20")
    assert (await api.get(f"/table/kb_knowledge/{VPN}", by=CHARLIE)).status_code == 404


async def test_feedback_makes_the_rating_the_helpful_count_and_the_flag(api: Api) -> None:
    for person, values in (
        (CHARLIE, {"rating": "4", "useful": "yes"}),
        (ABEL, {"rating": "1", "useful": "no", "flagged": "true", "comments": "Wrong gateway"}),
    ):
        response = await api.post("/table/kb_feedback", {"article": VPN, **values}, by=person)
        assert response.status_code == 201
    row = api.instance.row("kb_knowledge", VPN) or {}
    assert (row["rating"], row["helpful_count"], row["flagged"]) == ("2.5", "1", "true")
    (flagged,) = api.instance.query("kb_feedback", "flagged=true")
    assert flagged["user"] == ABEL
    path = f"/table/kb_feedback/{flagged['sys_id']}"
    assert (await api.patch(path, {"resolved": "true"}, by=CHARLIE)).status_code == 403
    assert (await api.patch(path, {"resolved": "true"}, by=ABEL)).status_code == 200
    assert (api.instance.row("kb_knowledge", VPN) or {})["flagged"] == "false"
    assert (await api.call("DELETE", path, by=ABEL)).status_code == 204
    assert (api.instance.row("kb_knowledge", VPN) or {})["rating"] == "4.0"


async def test_an_absurd_rating_and_a_missing_article_do_no_harm(api: Api) -> None:
    values = {"article": VPN, "rating": "9" * 400}
    assert (await api.post("/table/kb_feedback", values)).status_code < 500
    gone = await api.post("/table/kb_feedback", {"article": "nowhere", "rating": "1"}, by=DANA)
    assert gone.status_code == 201


async def test_an_article_used_on_a_task_is_counted(api: Api) -> None:
    values = {"kb_knowledge": VPN, "task": FIRST}
    assert (await api.post("/table/m2m_kb_task", values)).status_code == 201
    assert (api.instance.row("kb_knowledge", VPN) or {})["use_count"] == "1"
    assert (await api.post("/table/m2m_kb_task", values, by=CHARLIE)).status_code == 403


async def test_a_category_knows_its_base_and_its_path(api: Api) -> None:
    body = {"label": "Network", "parent_id": OPEN}
    above = (await api.post("/table/kb_category", body, by=BETH)).json()["result"]
    assert (above["full_category"], above["parent_table"]) == ("Network", "kb_knowledge_base")
    body = {"label": "VPN Clients", "parent_id": above["sys_id"], "kb_knowledge_base": OPEN}
    below = (await api.post("/table/kb_category", body, by=BETH)).json()["result"]
    assert (below["full_category"], below["value"]) == ("Network / VPN Clients", "vpn_clients")
    assert below["kb_knowledge_base"]["value"] == OPEN


async def test_a_new_base_belongs_to_whoever_makes_it(api: Api) -> None:
    response = await api.post("/table/kb_knowledge_base", {"title": "Third"}, by=DANA)
    assert response.json()["result"]["owner"]["value"] == DANA
    assert (await api.post("/table/kb_knowledge_base", {"title": "No"})).status_code == 403


async def test_a_draft_is_published_by_the_system_itself(api: Api) -> None:
    api.instance.update("kb_knowledge", DRAFT, {"workflow_state": "published"}, run_rules=True)
    assert (api.instance.row("kb_knowledge", DRAFT) or {})["published"] == "2026-11-20"
