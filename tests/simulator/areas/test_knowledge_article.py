"""One article of the knowledge API: content, fields, versions, views."""

import pytest

from simulator.areas.attachments.files import keep, packed
from tests.simulator.areas.small_library import DRAFT, MAIL_HELP, OPEN, PRICES, VPN, library
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, Api

ARTICLES = "/api/sn_km_api/knowledge/articles"


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with a library."""
    return library()


@fact(
    "An article of the knowledge API is found by its sys_id and by its number",
    tag="D Knowledge Management API",
)
@pytest.mark.parametrize("wanted", [VPN, "KB0000001", "kb0000001"])
async def test_an_article_is_found_by_sys_id_and_by_number(api: Api, wanted: str) -> None:
    assert await api.result(f"{ARTICLES}/{wanted}", by=CHARLIE) == {
        "content": "<p>The <b>VPN</b> gives access</p>",
        "template": False,
        "number": "KB0000001",
        "sys_id": VPN,
        "short_description": "Connect to the VPN",
        "display_attachments": False,
    }


@fact(
    "An article shows fields asked for with their name, label, type, value and display value",
    tag="D Knowledge Management API",
)
async def test_fields_are_shown_when_asked_for(api: Api) -> None:
    result = await api.result(f"{ARTICLES}/{VPN}", fields="kb_knowledge_base,nope")
    assert result["fields"] == {
        "kb_knowledge_base": {
            "display_value": "IT",
            "name": "kb_knowledge_base",
            "label": "Knowledge base",
            "type": "reference",
            "value": OPEN,
        }
    }


@fact(
    "Attachments of an article are listed only where it displays attachments",
    tag="D Knowledge Management API",
)
async def test_an_article_that_displays_attachments_lists_them(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"display_attachments": "true"})
    assert (await api.result(f"{ARTICLES}/{VPN}"))["attachments"] == []
    sys_id = attach(api, VPN)
    result = await api.result(f"{ARTICLES}/{VPN}", by=CHARLIE)
    assert result["attachments"] == [
        {"sys_id": sys_id, "file_name": "größe.txt", "size_bytes": "5", "state": "pending"}
    ]
    assert result["embedded_content"] == []


@fact(
    "The knowledge API gives the file of an attachment of an article",
    tag="D Knowledge Management API",
)
async def test_a_file_of_an_article_is_for_whoever_may_read_the_article(api: Api) -> None:
    sys_id = attach(api, VPN)
    address = f"{ARTICLES}/KB0000001/attachments/{sys_id}"
    response = await api.call("GET", address, by=CHARLIE, headers={"Accept": "*/*"})
    assert (response.status_code, response.content) == (200, b"hello")
    assert response.headers["content-type"] == "text/plain"
    hidden = attach(api, PRICES)
    for path in (
        f"{ARTICLES}/{PRICES}/attachments/{hidden}",
        f"{ARTICLES}/{VPN}/attachments/{hidden}",
        f"{ARTICLES}/{VPN}/attachments/nowhere",
    ):
        assert (await api.get(path, by=CHARLIE)).status_code == 404
    api.instance.update("sys_attachment", sys_id, {"content_type": "no type\n"})
    spoiled = await api.get(address)
    assert spoiled.headers["content-type"] == "application/octet-stream"


async def test_an_attachment_without_content_is_404(api: Api) -> None:
    values = {"table_name": "kb_knowledge", "table_sys_id": VPN, "file_name": "x"}
    sys_id = api.instance.insert("sys_attachment", values)
    assert (await api.get(f"{ARTICLES}/{VPN}/attachments/{sys_id}")).status_code == 404


def attach(api: Api, article: str) -> str:
    """A file on an article; its sys_id."""
    values = {"table_name": "kb_knowledge", "table_sys_id": article, "content_type": "text/plain"}
    return keep(api.instance, packed(b"hello"), values | {"file_name": "größe.txt"})


@fact("An article that user criteria hide is answered like one that does not exist", tag="R")
@pytest.mark.parametrize("wanted", [PRICES, "KB0000006", DRAFT, "nope", "KB%00", "%ff"])
async def test_what_may_not_be_read_is_not_there(api: Api, wanted: str) -> None:
    response = await api.get(f"{ARTICLES}/{wanted}", by=CHARLIE)
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "No Record found"


async def test_authors_and_contributors_read_their_drafts(api: Api) -> None:
    for person in (BETH, ABEL):
        assert (await api.result(f"{ARTICLES}/{DRAFT}", by=person))["number"] == "KB0000003"


@fact(
    "update_view counts a view and notes it in kb_use, whatever its value",
    tag="D Knowledge Management API",
)
async def test_a_view_is_counted_when_asked_for(api: Api) -> None:
    await api.result(f"{ARTICLES}/{VPN}", by=CHARLIE)
    assert views(api) == ("0", 0)
    before = api.instance.row("kb_knowledge", VPN) or {}
    await api.result(f"{ARTICLES}/{VPN}", by=CHARLIE, update_view="false")
    assert views(api) == ("1", 1)
    after = api.instance.row("kb_knowledge", VPN) or {}
    assert after["sys_mod_count"] == before["sys_mod_count"]
    (use,) = api.instance.query("kb_use")
    assert (use["user"], use["viewed"]) == (CHARLIE, "true")


@fact(
    "search_id with search_rank counts a view; update_view beside them does not count twice",
    tag="D Knowledge Management API",
)
async def test_a_view_by_search_is_counted_once(api: Api) -> None:
    await api.result(f"{ARTICLES}/{VPN}", search_id="abc")
    assert views(api) == ("0", 0)
    await api.result(f"{ARTICLES}/{VPN}", search_id="abc", search_rank="1", update_view="")
    assert views(api) == ("1", 1)
    (use,) = api.instance.query("kb_use")
    assert (use["search_id"], use["search_rank"]) == ("abc", "1")


async def test_a_hidden_article_counts_no_view(api: Api) -> None:
    await api.get(f"{ARTICLES}/{PRICES}", by=CHARLIE, update_view="true")
    assert api.instance.count("kb_use") == 0


async def test_of_several_versions_the_published_one_is_shown(api: Api) -> None:
    values = {"number": "KB0000001", "kb_knowledge_base": OPEN, "short_description": "Rewritten"}
    draft = (await api.post("/table/kb_knowledge", values)).json()["result"]["sys_id"]
    assert (await api.result(f"{ARTICLES}/KB0000001"))["sys_id"] == VPN
    assert (await api.result(f"{ARTICLES}/{draft}"))["short_description"] == "Rewritten"


async def test_a_language_chooses_among_translations(api: Api) -> None:
    api.instance.update("kb_knowledge", MAIL_HELP, {"number": "KB0000001", "language": "de"})
    german = await api.result(f"{ARTICLES}/KB0000001", language="de")
    assert german["sys_id"] == MAIL_HELP
    assert (await api.result(f"{ARTICLES}/KB0000001", language="en"))["sys_id"] == VPN


@fact(
    "An article that has translations names its language and those it can be read in",
    tag="D Knowledge Management API; that the article itself is among them is R",
)
async def test_an_article_names_its_translations(api: Api) -> None:
    api.instance.update("kb_knowledge", MAIL_HELP, {"parent": VPN, "language": "de"})
    api.instance.update("kb_knowledge", DRAFT, {"parent": VPN, "language": "fr"})
    secret = {"parent": VPN, "language": "es"}
    api.instance.update("kb_knowledge", PRICES, secret)
    expected = [
        {"label": "German", "language": "de", "sys_id": MAIL_HELP},
        {"label": "English", "language": "en", "sys_id": VPN},
    ]
    for sys_id, language in ((VPN, "en"), (MAIL_HELP, "de")):
        result = await api.result(f"{ARTICLES}/{sys_id}", by=CHARLIE)
        assert (result["language"], result["languages"]) == (language, expected)


@fact("Files that the text of an article shows are embedded content", tag="R")
async def test_a_picture_in_the_text_is_embedded_content(api: Api) -> None:
    shown, listed = attach(api, VPN), attach(api, VPN)
    text = f'<img src="/sys_attachment.do?sys_id={shown}">'
    api.instance.update("kb_knowledge", VPN, {"display_attachments": "true", "text": text})
    result = await api.result(f"{ARTICLES}/{VPN}", by=CHARLIE)
    assert [one["sys_id"] for one in result["attachments"]] == [listed]
    assert [one["sys_id"] for one in result["embedded_content"]] == [shown]


@fact("The content of an article made from a template is that of its sections", tag="R")
async def test_a_template_article_shows_its_sections(api: Api) -> None:
    values = {"kb_knowledge_base": OPEN, "short_description": "How", "workflow_state": "published"}
    values |= {"kb_introduction": "<p>Why</p>", "kb_instructions": "<p>Do</p>"}
    sys_id = api.instance.insert("kb_template_how_to", values)
    result = await api.result(f"{ARTICLES}/{sys_id}", by=CHARLIE)
    assert result["content"] == "<p>Why</p>\n<p>Do</p>"
    assert (result["template"], result["template_table"]) == (True, "kb_template_how_to")


async def test_a_wiki_article_shows_its_wiki_text(api: Api) -> None:
    api.instance.update("kb_knowledge", VPN, {"article_type": "wiki", "wiki": "= VPN ="})
    assert (await api.result(f"{ARTICLES}/{VPN}"))["content"] == "= VPN ="


def views(api: Api) -> tuple[str, int]:
    """The view count of the VPN article, and how many uses are noted."""
    row = api.instance.row("kb_knowledge", VPN) or {}
    return row["sys_view_count"], api.instance.count("kb_use")
