"""Where the universal search looks, and how a document is read from there.

    incident:…        change_request:…        kb_knowledge:…        catalog:…

Each source finds a few records by words, and reads one as plain text.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from servicenow.exceptions import ApiAbsent, NotAsDocumented
from servicenow.records import Record, servicenow_time
from servicenow.responses import JSON, Sought
from tools_app import finding
from tools_app.catalog_items import API as CATALOG_API
from tools_app.catalog_items import read_item
from tools_app.cleaning import clean, clean_line
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.filtering import with_every_word
from tools_app.knowledge_reading import Wanted, find_articles, read_article
from tools_app.record_texts import is_sys_id, read_record_text
from tools_app.results import LINE_LIMIT, TEXT_LIMIT, iso
from tools_app.spec import ToolCall

MOST_OF_A_SOURCE: Final = 5
_BAD_REQUEST: Final = 400

_LABELS: Final = ("state", "priority", "category", "assignment_group", "assigned_to", "cmdb_ci")
_TEXTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "incident": {
            "description": "Description",
            "close_code": "Resolution code",
            "close_notes": "Resolution notes",
        },
        "change_request": {
            "description": "Description",
            "justification": "Justification",
            "implementation_plan": "Implementation plan",
            "risk_impact_analysis": "Risk and impact analysis",
            "backout_plan": "Backout plan",
            "test_plan": "Test plan",
            "close_notes": "Close notes",
        },
    }
)


@dataclass(frozen=True)
class Hit:
    """A record that was found; `title` and `url` are for people."""

    sys_id: str
    title: str
    url: str


@dataclass(frozen=True)
class Document(Hit):
    """A record as a text, which is not yet cut to fit, and some facts about it."""

    text: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """One place: `find` by words, `read` by what follows the colon of an id."""

    name: str
    find: Callable[[ToolCall, str], Awaitable[Sequence[Hit]]]
    read: Callable[[ToolCall, str], Awaitable[Document]]


def _of_tasks(table: str) -> Source:
    async def find(call: ToolCall, text: str) -> Sequence[Hit]:
        page = await call.tables.list(
            table,
            query=with_every_word(text).order_by("sys_updated_on", descending=True),
            fields=["number", "short_description"],
            limit=MOST_OF_A_SOURCE,
        )
        return [_hit(call, one) for one in page.records]

    async def read(call: ToolCall, meant: str) -> Document:
        texts = _TEXTS[table]
        fields = ["number", "short_description", "sys_updated_on", *_LABELS, *texts]
        record = await finding.numbered(call, table, meant, argument="id", fields=fields)
        hit = _hit(call, record)
        parts = [record.display("short_description")]
        parts += [
            f"{label}:\n{clean(record.display(field), most=TEXT_LIMIT)}"
            for field, label in texts.items()
            if record.display(field).strip()
        ]
        facts = {name: record.display(name) for name in ("number", *_LABELS)}
        facts["updated_at"] = _moment(record.value("sys_updated_on"))
        return Document(hit.sys_id, hit.title, hit.url, "\n\n".join(parts), _known(facts))

    return Source(table, find, read)


def _hit(call: ToolCall, record: Record) -> Hit:
    return Hit(
        record.sys_id,
        _title(record.value("number"), record.display("short_description")),
        f"{call.caller.instance_url}/{record.table}.do?sys_id={record.sys_id}",
    )


async def _find_articles(call: ToolCall, text: str) -> Sequence[Hit]:
    page = await find_articles(call, Wanted(text), limit=MOST_OF_A_SOURCE, offset=0)
    return [_article_hit(call, one) for one in page.records]


async def _read_article(call: ToolCall, meant: str) -> Document:
    named = read_record_text(meant, argument="id", instance_url=call.caller.instance_url)
    found = await read_article(call, named)
    hit = _article_hit(call, found.record)
    record = found.record
    facts = {
        "number": record.value("number"),
        "state": record.display("workflow_state"),
        "knowledge_base": record.display("kb_knowledge_base"),
        "category": record.display("kb_category"),
        "updated_at": _moment(record.value("sys_updated_on")),
    }
    return Document(hit.sys_id, hit.title, hit.url, found.text, _known(facts))


def _article_hit(call: ToolCall, record: Record) -> Hit:
    return Hit(
        record.sys_id,
        _title(record.value("number"), record.display("short_description")),
        f"{call.caller.instance_url}/kb_view.do?sys_kb_id={record.sys_id}",
    )


async def _find_items(call: ToolCall, text: str) -> Sequence[Hit]:
    found = await call.apis.read(
        f"{CATALOG_API}/items",
        query={"sysparm_text": text, "sysparm_limit": str(MOST_OF_A_SOURCE)},
        sought=Sought("sc_cat_item", text),
    )
    if not isinstance(found, list):
        raise NotAsDocumented("items that are no list")
    return [_item_hit(call, _object(one)) for one in found[:MOST_OF_A_SOURCE]]


async def _read_item(call: ToolCall, meant: str) -> Document:
    sys_id = meant.strip().lower()
    if not is_sys_id(sys_id):
        raise InvalidArguments(ArgumentProblem("id", "names no item", "catalog: and a sys_id"))
    item = await read_item(call, sys_id)
    if item is None:
        raise ApiAbsent(status=_BAD_REQUEST, message="no service catalog API")
    found = item.body
    asked = [label for one in item.variables if (label := clean_line(one.label))]
    parts = [str(found.get("short_description") or ""), str(found.get("description") or "")]
    if asked:
        parts.append("Asked when ordering: " + "; ".join(asked))
    category = found.get("category")
    facts = {
        "category": str(category.get("title") or "") if isinstance(category, dict) else "",
        "price": str(found.get("price") or ""),
        "type": str(found.get("type") or ""),
    }
    hit = _item_hit(call, found)
    text = "\n\n".join(clean(part, most=TEXT_LIMIT) for part in parts if part)
    return Document(hit.sys_id, hit.title, hit.url, text, _known(facts))


def _item_hit(call: ToolCall, item: Mapping[str, Any]) -> Hit:
    sys_id = str(item.get("sys_id") or "")
    if not sys_id:
        raise NotAsDocumented("an item without a sys_id")
    view = "com.glideapp.servicecatalog_cat_item_view.do?v=1&sysparm_id="
    url = f"{call.caller.instance_url}/{view}{sys_id}"
    return Hit(sys_id, clean_line(str(item.get("name") or "")), url)


def _title(number: str, text: str) -> str:
    return clean_line(": ".join(part for part in (number, text) if part), most=LINE_LIMIT)


def _moment(stored: str) -> str:
    moment = servicenow_time(stored)
    return iso(moment) if moment else ""


def _known(facts: Mapping[str, str]) -> dict[str, str]:
    cleaned = {name: clean_line(text) for name, text in facts.items()}
    return {name: text for name, text in cleaned.items() if text}


def _object(found: JSON) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise NotAsDocumented("something else than an object")
    return found


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        source.name: source
        for source in (
            Source("kb_knowledge", _find_articles, _read_article),
            _of_tasks("incident"),
            _of_tasks("change_request"),
            Source("catalog", _find_items, _read_item),
        )
    }
)
