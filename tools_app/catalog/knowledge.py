"""Knowledge: finding and reading articles."""

from typing import Annotated

from pydantic import Field

from tools_app.access import Access
from tools_app.arguments import Limit, Offset, RecordName, RecordText
from tools_app.cleaning import clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.filtering import sought_text
from tools_app.knowledge_places import language_code, the_base, the_categories
from tools_app.knowledge_reading import (
    MOST_FILES,
    TABLE,
    Content,
    Wanted,
    find_articles,
    read_article,
)
from tools_app.knowledge_results import Article, ArticleFile, ArticleRow, ArticlesFound
from tools_app.paging import fitting_page
from tools_app.record_texts import read_record_text
from tools_app.results import ANSWER_LIMIT, fitting_text, hidden, read_into, size
from tools_app.spec import ToolCall, Toolset

tools = Toolset("knowledge", title="Knowledge")

# What portals and the classic interface call an article in their links.
_TABLES_OF_LINKS = frozenset({"", TABLE, "kb_view", "kb_article", "kb_article_view"})

Sought = Annotated[str, Field(min_length=2, max_length=200, description="Words it should have.")]
BaseName = Annotated[RecordName, Field(description="Its title or sys_id.")]
CategoryName = Annotated[RecordName, Field(description="Its name (Email) or sys_id.")]
Language = Annotated[
    str,
    Field(
        min_length=2,
        max_length=40,
        description="Code (en), label (English), or all; default: the person's own.",
    ),
]
ArticleText = Annotated[
    RecordText, Field(description="Number (KB0010001), sys_id or link of the article.")
]


@tools.tool(title="Search knowledge", access=Access.READ)
async def search_knowledge(
    call: ToolCall,
    *,
    query: Sought,
    knowledge_base: BaseName | None = None,
    category: CategoryName | None = None,
    language: Language | None = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> ArticlesFound:
    """Find published knowledge articles by words, the closest fit first.

    Reads as the signed-in person and changes nothing; what user criteria hide from them is left
    out. Returns number, title, excerpt, base and category; go on with `offset` = `next_offset`
    until there is none. Use get_article to read one, search_incidents for earlier cases.
    """
    wanted = await _wanted(
        call, query, base=knowledge_base, category=category, language=language or ""
    )
    page, rows = await fitting_page(
        lambda most: find_articles(call, wanted, limit=most, offset=offset),
        lambda record: read_into(
            ArticleRow, record, sys_id=record.sys_id, url=article_url(call, record.sys_id)
        ),
        limit=limit,
    )
    withheld = hidden(ArticleRow, page.records)
    return ArticlesFound.of(
        page,
        rows,
        # The tables have no excerpts to show: nothing is withheld there.
        hidden_fields=tuple(name for name in withheld if name != "excerpt"),
    )


@tools.tool(title="Get article", access=Access.READ)
async def get_article(call: ToolCall, *, article: ArticleText) -> Article:
    """Read one knowledge article as plain text, with its files listed.

    Reads as the signed-in person and changes nothing; one that user criteria hide looks like one
    that does not exist. Returns title, text, state, base, category, validity and links; a very
    long text is cut with a mark. Use search_knowledge to find a number.
    """
    meant = read_record_text(article, argument="article", instance_url=call.caller.instance_url)
    if meant.table not in _TABLES_OF_LINKS:
        raise InvalidArguments(
            ArgumentProblem(
                "article", f"links to a record of {meant.table}", "a link to an article"
            )
        )
    return article_of(call, await read_article(call, meant))


def article_of(call: ToolCall, found: Content) -> Article:
    """What is answered of an article; its text takes what room the rest leaves."""
    record = found.record
    files = [
        ArticleFile(
            sys_id=one.sys_id,
            file_name=clean_line(one.file_name),
            size_bytes=int(one.size_bytes) if one.size_bytes.isdecimal() else None,
            embedded=one.embedded,
            url=f"{call.caller.instance_url}/sys_attachment.do?sys_id={one.sys_id}",
        )
        for one in found.files[:MOST_FILES]
    ]
    article = read_into(
        Article,
        record,
        sys_id=record.sys_id,
        url=article_url(call, record.sys_id),
        attachments=files or None,
        more_attachments=True if len(found.files) > MOST_FILES else None,
        hidden_fields=hidden(Article, [record]),
    )
    room = ANSWER_LIMIT - size(article) - 100
    return article.model_copy(update={"text": fitting_text(found.text, within=room)})


def article_url(call: ToolCall, sys_id: str) -> str:
    """Where a person reads the article in a browser."""
    return f"{call.caller.instance_url}/kb_view.do?sys_kb_id={sys_id}"


async def _wanted(
    call: ToolCall, query: str, *, base: str | None, category: str | None, language: str
) -> Wanted:
    text = sought_text(query)
    base_id = await the_base(call, base) if base is not None else ""
    in_categories = (
        await the_categories(call, category, base=base_id) if category is not None else []
    )
    return Wanted(
        text,
        base=base_id,
        categories=in_categories,
        language=await language_code(call, language),
    )
