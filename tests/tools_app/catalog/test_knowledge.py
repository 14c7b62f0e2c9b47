"""Finding and reading knowledge articles, through the knowledge API and through the tables."""

from collections.abc import Iterator

import pytest

from servicenow.exceptions import NotAuthorized, RecordNotFound
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments
from tools_app.results import ANSWER_LIMIT

API = "/api/sn_km_api/knowledge/articles"
PLUGIN = "sn_km_api"


@pytest.fixture(params=["api", "tables"])
def way(request: pytest.FixtureRequest, abel: Desk) -> Iterator[str]:
    """Once with the plugin of the knowledge API, once without."""
    if request.param == "tables":
        abel.instance.switches.absent_plugins = (PLUGIN,)
    yield request.param
    abel.instance.switches.absent_plugins = ()


def article(desk: Desk, title: str) -> dict[str, str]:
    """An article as it is stored."""
    return desk.one("kb_knowledge", f"short_descriptionLIKE{title}")


async def titles(desk: Desk, query: str, **more: object) -> list[str]:
    """The titles of the articles that a search finds."""
    found = await desk.call("search_knowledge", query=query, limit=100, **more)
    return [row["title"] for row in found["records"]]


@pytest.mark.usefixtures("way")
async def test_articles_are_found_by_words_with_base_category_and_link(abel: Desk) -> None:
    found = await abel.call("search_knowledge", query="VPN drops hour")
    [first, *_] = found["records"]
    row = article(abel, "VPN drops every hour")
    assert first["sys_id"] == row["sys_id"]
    assert first["number"] == row["number"]
    assert first["title"] == "VPN drops every hour"
    assert first["knowledge_base"]["name"] == "IT"
    assert first["category"]["name"] == "Network"
    assert first["updated_at"].endswith("Z")
    assert first["url"] == f"http://localhost:8090/kb_view.do?sys_kb_id={row['sys_id']}"
    assert "hidden_fields" not in found


async def test_an_excerpt_shows_the_place_as_plain_text(abel: Desk) -> None:
    found = await abel.call("search_knowledge", query="quarantine")
    excerpts = [row["excerpt"] for row in found["records"]]
    assert all("quarantine" in text.casefold() and "<" not in text for text in excerpts)


async def test_without_the_plugin_there_are_no_excerpts_but_the_same_articles(abel: Desk) -> None:
    ranked = await titles(abel, "mailbox")
    abel.instance.switches.absent_plugins = (PLUGIN,)
    found = await abel.call("search_knowledge", query="mailbox")
    assert sorted(row["title"] for row in found["records"]) == sorted(ranked) != []
    assert all("excerpt" not in row for row in found["records"])


@pytest.mark.usefixtures("way")
async def test_drafts_retired_and_expired_articles_are_not_found(abel: Desk) -> None:
    for title in ("expense tool", "conferencing client", "Parking in San Diego", "seating plan"):
        assert article(abel, title)["short_description"] not in await titles(abel, title)


@pytest.mark.usefixtures("way")
async def test_base_and_category_narrow_by_name_and_by_sys_id(abel: Desk) -> None:
    base = abel.one("kb_knowledge_base", "title=IT Runbooks")["sys_id"]
    for named in ("IT Runbooks", "it runbooks", base):
        found = await titles(abel, "phishing", knowledge_base=named)
        assert found == ["Handle a reported phishing message"]
    category = abel.one("kb_category", "label=Email")["sys_id"]
    for named in ("Email", "email", category):
        found = await titles(abel, "phishing", category=named)
        assert found == ["Report a phishing message"]
    assert await titles(abel, "phishing", knowledge_base="Knowledge") == []


@pytest.mark.usefixtures("way")
async def test_a_wrong_base_or_category_lists_the_right_ones(abel: Desk) -> None:
    with pytest.raises(InvalidArguments, match="IT Runbooks, Knowledge"):
        await abel.call("search_knowledge", query="vpn", knowledge_base="Wiki")
    with pytest.raises(InvalidArguments, match="Accounts, Email, Hardware, Network, Software"):
        await abel.call("search_knowledge", query="vpn", knowledge_base="IT", category="Money")
    with pytest.raises(InvalidArguments, match="category"):
        await abel.call("search_knowledge", query="vpn", category="  ")
    assert abel.requests("GET", API) == []


async def test_two_bases_of_one_title_are_ambiguous(abel: Desk) -> None:
    abel.instance.insert("kb_knowledge_base", {"title": "IT", "description": "The other one"})
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("search_knowledge", query="vpn", knowledge_base="IT")
    assert "The other one" in {one.detail for one in refused.value.candidates}


async def test_a_category_of_several_bases_means_all_of_them(abel: Desk) -> None:
    runbooks = abel.one("kb_knowledge_base", "title=IT Runbooks")["sys_id"]
    values = {"label": "Email", "kb_knowledge_base": runbooks, "active": "true"}
    other = abel.instance.insert("kb_category", values)
    row = article(abel, "Restart the mail gateway")
    category = other if isinstance(other, str) else other["sys_id"]
    abel.instance.update("kb_knowledge", row["sys_id"], {"kb_category": category})
    assert row["short_description"] in await titles(abel, "mail", category="Email")
    assert row["short_description"] not in await titles(
        abel, "mail", category="Email", knowledge_base="IT"
    )


@pytest.mark.usefixtures("way")
async def test_language_narrows_and_all_means_every_one(abel: Desk) -> None:
    row = article(abel, "Install a printer")
    abel.instance.update("kb_knowledge", row["sys_id"], {"language": "de"})
    assert row["short_description"] in await titles(abel, "printer", language="de")
    assert row["short_description"] not in await titles(abel, "printer", language="en")
    assert row["short_description"] in await titles(abel, "printer", language="all")
    assert row["short_description"] in await titles(abel, "printer", language="german")
    with pytest.raises(InvalidArguments, match="English, German"):
        await titles(abel, "printer", language="Klingon")


@pytest.mark.usefixtures("way")
async def test_pages_follow_one_another_without_overlap(abel: Desk) -> None:
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await abel.call("search_knowledge", query="the", limit=7, offset=offset)
        seen += [row["number"] for row in page["records"]]
        offset = page.get("next_offset")
    assert len(seen) == len(set(seen)) == page["total"] > 14


async def test_user_criteria_hide_articles_from_people_outside_it(
    abel: Desk, charlie: Desk
) -> None:
    row = article(abel, "Fail over the VPN gateways")
    assert row["short_description"] in await titles(abel, "gateways")
    for absent in ((), (PLUGIN,)):
        charlie.instance.switches.absent_plugins = absent
        assert row["short_description"] not in await titles(charlie, "gateways")
        for named in (row["number"], row["sys_id"]):
            with pytest.raises(RecordNotFound):
                await charlie.call("get_article", article=named)
        with pytest.raises(InvalidArguments) as refused:
            await charlie.call("search_knowledge", query="vpn", knowledge_base="IT Runbooks")
        assert "IT Runbooks" not in refused.value.arguments[0].accepted


async def test_hidden_rows_do_not_end_the_pages_of_the_tables(charlie: Desk) -> None:
    charlie.instance.switches.absent_plugins = (PLUGIN,)
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await charlie.call("search_knowledge", query="gate", limit=1, offset=offset)
        seen += [row["title"] for row in page["records"]]
        offset = page.get("next_offset")
    assert "Fail over the VPN gateways" not in seen
    assert len(seen) < page["total"]


@pytest.mark.usefixtures("way")
async def test_text_is_a_literal(abel: Desk) -> None:
    assert await titles(abel, "zzzz^ORnumberISNOTEMPTY") == []


async def test_a_blank_query_is_refused_as_everything_would_fit(abel: Desk) -> None:
    with pytest.raises(InvalidArguments, match="is blank"):
        await abel.call("search_knowledge", query="   ")
    assert abel.requests() == []


@pytest.mark.usefixtures("way")
async def test_an_article_is_read_as_plain_text(abel: Desk) -> None:
    row = article(abel, "VPN drops every hour")
    found = await abel.call("get_article", article=row["number"])
    assert found["sys_id"] == row["sys_id"]
    assert found["title"] == "VPN drops every hour"
    assert found["text"].startswith("VPN drops every hour\n")
    assert "<" not in found["text"]
    assert found["state"] == "Published"
    assert found["knowledge_base"]["name"] == "IT"
    assert found["written_by"]["name"]
    assert found["valid_to"].endswith("T00:00:00Z")
    assert "attachments" not in found
    assert "hidden_fields" not in found


@pytest.mark.usefixtures("way")
async def test_an_article_is_named_by_number_sys_id_and_links_of_every_kind(abel: Desk) -> None:
    row = article(abel, "Install a printer")
    at = "http://localhost:8090"
    for named in (
        row["number"].lower(),
        row["sys_id"].upper(),
        f"{at}/kb_knowledge.do?sys_id={row['sys_id']}",
        f"{at}/kb_view.do?sysparm_article={row['number']}",
        f"{at}/kb_view.do?sys_kb_id={row['sys_id']}",
        f"{at}/kb?id=kb_article_view&sysparm_article={row['number']}",
        f"{at}/sp?id=kb_article&sys_id={row['sys_id']}",
        f"{at}/nav_to.do?uri=%2Fkb_view.do%3Fsysparm_article%3D{row['number']}",
    ):
        assert (await abel.call("get_article", article=named))["sys_id"] == row["sys_id"]


@pytest.mark.parametrize(
    "named",
    [
        "how to print",
        "http://localhost:8090/incident.do?sys_id=" + "a" * 32,
        "http://elsewhere.example/kb_view.do?sysparm_article=KB0000001",
        "../../now/table/sys_user",
    ],
)
async def test_what_names_no_article_is_never_sent(abel: Desk, named: str) -> None:
    with pytest.raises(InvalidArguments, match="`article`"):
        await abel.call("get_article", article=named)
    assert abel.requests() == []


@pytest.mark.usefixtures("way")
async def test_an_unknown_number_is_not_found(abel: Desk) -> None:
    for named in ("KB9999999", "f" * 32):
        with pytest.raises(RecordNotFound):
            await abel.call("get_article", article=named)


@pytest.mark.usefixtures("way")
async def test_files_are_listed_and_those_in_the_text_are_marked(abel: Desk) -> None:
    row = article(abel, "Install a printer")
    for name in ("driver.pdf", "picture.png"):
        values = {
            "file_name": name,
            "table_name": "kb_knowledge",
            "table_sys_id": row["sys_id"],
            "size_bytes": "12",
            "content_type": "text/plain",
        }
        abel.instance.insert("sys_attachment", values)
    picture = abel.one("sys_attachment", "file_name=picture.png")["sys_id"]
    text = f'<p>Look:</p><img src="/sys_attachment.do?sys_id={picture}">'
    abel.instance.update("kb_knowledge", row["sys_id"], {"text": text})
    found = await abel.call("get_article", article=row["number"])
    files = {one["file_name"]: one for one in found["attachments"]}
    assert {name: one["embedded"] for name, one in files.items()} == {
        "driver.pdf": False,
        "picture.png": True,
    }
    assert files["driver.pdf"]["size_bytes"] == 12
    assert files["picture.png"]["url"].endswith(f"/sys_attachment.do?sys_id={picture}")
    abel.instance.update("kb_knowledge", row["sys_id"], {"display_attachments": "false"})
    assert "attachments" not in await abel.call("get_article", article=row["number"])


@pytest.mark.usefixtures("way")
async def test_a_very_long_text_is_cut_and_says_so(abel: Desk) -> None:
    row = article(abel, "Install a printer")
    for text in ("word " * 12_000, '"\n' * 30_000):
        abel.instance.update("kb_knowledge", row["sys_id"], {"text": f"<p>{text}</p>"})
        found = await abel.call("get_article", article=row["number"])
        assert len(found["text"]) < ANSWER_LIMIT


@pytest.mark.usefixtures("way")
async def test_reading_an_article_counts_no_view_and_hidden_markup_is_gone(abel: Desk) -> None:
    row = article(abel, "Install a printer")
    text = "<p>Press\u200b start</p><script>steal()</script><style>p{}</style>"
    abel.instance.update("kb_knowledge", row["sys_id"], {"text": text})
    assert (await abel.call("get_article", article=row["number"]))["text"] == "Press start"
    assert abel.row("kb_knowledge", row["sys_id"])["sys_view_count"] == row["sys_view_count"]
    assert abel.requests("POST") == []


@pytest.mark.usefixtures("way")
async def test_fields_that_are_hidden_are_named(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(
            table="kb_knowledge",
            operation=Operation.READ,
            field="author",
            roles=frozenset({"admin"}),
        )
    )
    number = article(abel, "Install a printer")["number"]
    found = await abel.call("get_article", article=number)
    assert found["hidden_fields"] == ["written_by"]


async def test_of_several_versions_of_a_number_the_published_one_is_read(abel: Desk) -> None:
    abel.instance.switches.absent_plugins = (PLUGIN,)
    row = article(abel, "Install a printer")
    draft = {"number": row["number"], "workflow_state": "draft", "short_description": "Newer"}
    abel.instance.insert("kb_knowledge", draft)
    found = await abel.call("get_article", article=row["number"])
    assert found["sys_id"] == row["sys_id"]


async def test_a_refusal_of_the_api_is_no_reason_to_go_around_it(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path=API)
    with pytest.raises(NotAuthorized):
        await abel.call("search_knowledge", query="vpn")
    assert abel.requests("GET", "/api/now/table") == []


async def test_a_search_is_one_request(abel: Desk) -> None:
    await abel.call("search_knowledge", query="vpn")
    await abel.call("get_article", article="KB0000001")
    assert len(abel.requests()) == 2
