"""Knowledge of an instance: through its knowledge API or, where that is absent, its tables.

The API ranks what it finds and shows where it found it; of the tables one can only ask for
articles that have the words. Both leave out what user criteria hide from the person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from servicenow.exceptions import ApiAbsent, NotAsDocumented, RecordNotFound
from servicenow.query import Query
from servicenow.records import Page, Record, Value
from servicenow.responses import JSON, Sought
from tools_app.filtering import with_every_word
from tools_app.knowledge_results import Article, ArticleRow
from tools_app.record_texts import RecordText
from tools_app.results import fields_for
from tools_app.spec import ToolCall

TABLE: Final = "kb_knowledge"
PUBLISHED: Final = "published"
EVERY_LANGUAGE: Final = "all"
MOST_FILES: Final = 50

_ARTICLES: Final = "/api/sn_km_api/knowledge/articles"
_SEARCHED: Final = ("short_description", "text", "meta", "number")
# The API gives these of each article by itself.
_GIVEN: Final = frozenset({"number", "short_description", "snippet"})
_CONTENT: Final = ("text", "wiki", "article_type", "display_attachments", "latest")
_FILE_FIELDS: Final = ("sys_id", "file_name", "size_bytes", "table_sys_id")
_MOST_VERSIONS: Final = 20


@dataclass(frozen=True)
class Wanted:
    """Which articles: `base` and `categories` are sys_ids, `language` a code; empty for any."""

    text: str
    base: str = ""
    categories: Sequence[str] = ()
    language: str = ""


@dataclass(frozen=True)
class File:
    """A file of an article; `embedded` is None where the instance does not tell."""

    sys_id: str
    file_name: str
    size_bytes: str
    embedded: bool | None = None


@dataclass(frozen=True)
class Content:
    """An article: its fields, its text as the instance keeps it, mostly HTML, and its files."""

    record: Record
    text: str
    files: Sequence[File]


async def find_articles(call: ToolCall, wanted: Wanted, *, limit: int, offset: int) -> Page:
    """A page of published articles, the best first, with the fields of `ArticleRow`."""
    try:
        return await _ranked(call, wanted, limit=limit, offset=offset)
    except ApiAbsent:
        return await _listed(call, wanted, limit=limit, offset=offset)


async def read_article(call: ToolCall, meant: RecordText) -> Content:
    """The article with this number or sys_id. Raises `RecordNotFound`."""
    try:
        return await _through_the_api(call, meant)
    except ApiAbsent:
        return await _through_the_tables(call, meant)


async def _ranked(call: ToolCall, wanted: Wanted, *, limit: int, offset: int) -> Page:
    only = Query().equals("workflow_state", PUBLISHED)
    if wanted.categories:
        only = only.is_in("kb_category", wanted.categories)
    asked = [name for name in fields_for(ArticleRow) if name not in _GIVEN]
    parameters = {
        "query": wanted.text,
        "filter": str(only),
        "fields": ",".join(asked),
        "limit": str(limit),
        "offset": str(offset),
    }
    parameters |= {"kb": wanted.base} if wanted.base else {}
    parameters |= {"language": wanted.language} if wanted.language else {}
    found = _object(
        await call.apis.read(_ARTICLES, query=parameters, sought=Sought(TABLE, wanted.text))
    )
    rows = found.get("articles")
    if not isinstance(rows, list):
        raise NotAsDocumented("an answer without articles")
    total = _object(found.get("meta", {})).get("count")
    total = total if isinstance(total, int) else None
    end = offset + limit
    more = len(rows) == limit if total is None else end < total
    return Page(
        records=tuple(_found(_object(row)) for row in rows),
        total=total,
        offset=offset,
        limit=limit,
        next_offset=end if more else None,
        asked=tuple(fields_for(ArticleRow)),
    )


def _found(row: Mapping[str, Any]) -> Record:
    given = {
        "number": row.get("number"),
        "short_description": row.get("title"),
        "snippet": row.get("snippet"),
    }
    values = {name: Value(str(text or ""), str(text or "")) for name, text in given.items()}
    sys_id = str(row.get("id") or "").rpartition(":")[2]
    if not sys_id:
        raise NotAsDocumented("an article without an id")
    return Record(TABLE, sys_id, values | _fields_of(row))


async def _listed(call: ToolCall, wanted: Wanted, *, limit: int, offset: int) -> Page:
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    query = with_every_word(wanted.text, _SEARCHED).equals("workflow_state", PUBLISHED)
    query = query.any_of(Query().at_least("valid_to", today), Query().is_empty("valid_to"))
    if wanted.base:
        query = query.equals("kb_knowledge_base", wanted.base)
    if wanted.categories:
        query = query.is_in("kb_category", wanted.categories)
    if wanted.language not in {"", EVERY_LANGUAGE}:
        query = query.equals("language", wanted.language)
    in_order = query.order_by("sys_view_count", descending=True).order_by("number")
    asked = [name for name in fields_for(ArticleRow) if name != "snippet"]
    return await call.tables.list(
        TABLE, query=in_order, fields=[*asked, "workflow_state"], limit=limit, offset=offset
    )


async def _through_the_api(call: ToolCall, meant: RecordText) -> Content:
    sought = meant.sys_id or meant.number
    asked = [name for name in fields_for(Article) if name not in _GIVEN]
    found = _object(
        await call.apis.read(
            f"{_ARTICLES}/{quote(sought, safe='')}",
            query={"fields": ",".join(asked)},
            sought=Sought(TABLE, sought),
        )
    )
    sys_id, number = str(found.get("sys_id") or ""), str(found.get("number") or "")
    # Proved from what came back, as everywhere.
    if sought.casefold() not in {sys_id.casefold(), number.casefold()} or not sys_id:
        raise RecordNotFound(TABLE, sought)
    title = str(found.get("short_description") or "")
    given = {"number": Value(number, number), "short_description": Value(title, title)}
    record = Record(TABLE, sys_id, given | _fields_of(found))
    files = [
        *_files(found.get("attachments"), embedded=False),
        *_files(found.get("embedded_content"), embedded=True),
    ]
    return Content(record, str(found.get("content") or ""), files)


async def _through_the_tables(call: ToolCall, meant: RecordText) -> Content:
    fields = ["sys_id", *fields_for(Article), *_CONTENT]
    if meant.sys_id:
        record = await call.tables.get(TABLE, sys_id=meant.sys_id, fields=fields)
    else:
        record = await _newest_version(call, meant.number, fields=fields)
    is_wiki = record.value("article_type") == "wiki"
    text = record.value("wiki" if is_wiki else "text")
    if record.value("display_attachments") != "true":
        return Content(record, text, ())
    page = await call.tables.list_if_allowed(
        "sys_attachment",
        query=Query().equals("table_name", TABLE).equals("table_sys_id", record.sys_id),
        fields=_FILE_FIELDS,
        limit=MOST_FILES + 1,
    )
    files = [
        File(one.sys_id, one.value("file_name"), one.value("size_bytes"), one.sys_id in text)
        for one in (page.records if page else ())
    ]
    return Content(record, text, files)


async def _newest_version(call: ToolCall, number: str, *, fields: Sequence[str]) -> Record:
    """Of the versions and translations of a number the one that people are to read."""
    page = await call.tables.list(
        TABLE, query=Query().equals("number", number), fields=fields, limit=_MOST_VERSIONS
    )
    if not page.records:
        raise RecordNotFound(TABLE, number)
    return min(
        page.records,
        key=lambda one: (
            one.value("workflow_state") != PUBLISHED,
            one.value("latest") == "false",
        ),
    )


def _files(listed: JSON, *, embedded: bool) -> list[File]:
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [
        File(
            str(one.get("sys_id") or ""),
            str(one.get("file_name") or ""),
            str(one.get("size_bytes") or ""),
            embedded,
        )
        for one in found
    ]


def _fields_of(row: Mapping[str, Any]) -> dict[str, Value]:
    """The asked fields of an article; one that is hidden is not among them."""
    fields = row.get("fields")
    return {
        str(name): Value(str(one.get("value") or ""), str(one.get("display_value") or ""))
        for name, one in (fields.items() if isinstance(fields, dict) else ())
        if isinstance(one, dict)
    }


def _object(found: JSON) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise NotAsDocumented("something else than an object")
    return found
