"""The knowledge API: `/api/sn_km_api[/v1]/knowledge/articles`."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import uuid4

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import api_routes
from simulator.api.requests import host_of
from simulator.areas.knowledge.api_article import attachment, one_article
from simulator.areas.knowledge.articles_found import (
    PUBLISHED,
    TABLE,
    Asked,
    Found,
    articles,
)
from simulator.areas.knowledge.fields_shown import asked_fields, shown_fields
from simulator.instance import Instance

PLUGIN = "sn_km_api"
DEFAULT_LIMIT = 30

_MOST_VIEWED = (
    f"{PUBLISHED}^sys_class_name!=kb_knowledge_block^sys_view_count>0"
    "^ORDERBYDESCsys_view_count^ORDERBYshort_description"
)
_FEATURED = "homepage"


def routes(instance: Instance) -> list[Route]:
    """The routes of this API; it comes with a plugin of its own."""
    articles_path = "/api/sn_km_api{version}/knowledge/articles"
    return api_routes(
        instance,
        {
            articles_path: {"GET": _search},
            f"{articles_path}/featured": {"GET": _featured},
            f"{articles_path}/most_viewed": {"GET": _most_viewed},
            f"{articles_path}/{{id}}": {"GET": one_article},
        },
        plugin=PLUGIN,
    ) + api_routes(
        instance,
        {f"{articles_path}/{{id}}/attachments/{{attachment}}": {"GET": attachment}},
        plugin=PLUGIN,
        only_json=False,
    )


async def _search(instance: Instance, request: Request, person: Person) -> Response:
    parameters = request.query_params
    asked = _asked(
        instance,
        request,
        person,
        query=parameters.get("query", ""),
        filter=parameters.get("filter", ""),
    )
    search_id = uuid4().hex if asked.query else ""
    found = articles(instance, asked)
    start, end = _window(parameters)
    shown = [
        _article(instance, one, asked, rank=rank, search_id=search_id)
        for rank, one in enumerate(found[start:end], start + 1)
    ]
    meta = _meta(request, asked, count=len(found)) | {"ts_query_id": search_id}
    return answer({"result": {"meta": meta, "articles": shown}})


async def _featured(instance: Instance, request: Request, person: Person) -> Response:
    """Articles with the keyword that puts them on the knowledge home page."""
    asked = _asked(instance, request, person)
    found = articles(instance, asked, condition=f"{PUBLISHED}^metaLIKE{_FEATURED}")
    start, end = _window(request.query_params)
    shown = [_article(instance, one, asked) for one in found[start:end]]
    meta = _meta(request, asked, count=len(found)) | {"query": _FEATURED}
    return answer({"result": {"meta": meta, "articles": shown}})


async def _most_viewed(instance: Instance, request: Request, person: Person) -> Response:
    asked = _asked(instance, request, person)
    found = articles(instance, asked, condition=_MOST_VIEWED)
    start, end = _window(request.query_params)
    shown = [
        _article(instance, one, asked) | {"score": int(one.value("sys_view_count")), "tags": []}
        for one in found[start:end]
    ]
    meta = _meta(request, asked, count=len(found)) | {"filter": _MOST_VIEWED}
    return answer({"result": {"meta": meta, "articles": shown}})


def _asked(
    instance: Instance,
    request: Request,
    person: Person,
    *,
    query: str = "",
    filter: str = "",  # noqa: A002  # what the API calls it
) -> Asked:
    parameters = request.query_params
    return Asked(
        person=person,
        host=host_of(request),
        query=query,
        filter=filter,
        bases=_listing(parameters.get("kb", "")),
        languages=_languages(instance, parameters, person),
        fields=asked_fields(instance, parameters),
    )


def _languages(instance: Instance, parameters: QueryParams, person: Person) -> tuple[str, ...]:
    """Those asked for, or else the person's own; none: all of them."""
    asked = _listing(parameters.get("language", ""))
    if "all" in asked:
        return ()
    row = instance.row("sys_user", person.sys_id) or {}
    return asked or (row.get("preferred_language") or "en",)


def _article(
    instance: Instance, found: Found, asked: Asked, *, rank: int = 0, search_id: str = ""
) -> dict[str, object]:
    sys_id = found.value("sys_id")
    address = {"id": "kb_article_view", "sys_kb_id": sys_id}
    if rank:
        address |= {"sysparm_rank": str(rank), "sysparm_tsqueryId": search_id}
    shown: dict[str, object] = {"link": f"?{urlencode(address)}"}
    if rank:
        shown["rank"] = rank
    shown |= {
        "id": f"{TABLE}:{sys_id}",
        "title": found.searched.title,
        "snippet": found.snippet,
        "score": found.score,
        "number": found.searched.number,
    }
    if asked.fields:
        shown["fields"] = shown_fields(instance, found.record, asked.fields)
    return shown


def _meta(request: Request, asked: Asked, *, count: int) -> dict[str, object]:
    parameters = request.query_params
    start, end = _window(parameters)
    return {
        "start": start,
        "end": end,
        "fields": ",".join(parameters.getlist("fields")),
        "query": asked.query,
        "filter": asked.filter,
        "kb": ",".join(asked.bases),
        "language": ",".join(asked.languages) or "all",
        "count": count,
        "status": {"code": 200},
    }


def _window(parameters: QueryParams) -> tuple[int, int]:
    """Where a page begins and ends; a number that is none counts as not given."""
    start = _whole(parameters, "offset", default=0)
    return start, start + _whole(parameters, "limit", default=DEFAULT_LIMIT)


def _whole(parameters: Mapping[str, str], name: str, *, default: int) -> int:
    text = parameters.get(name, "")
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default
    )  # digits of a count


def _listing(text: str) -> tuple[str, ...]:
    return tuple(one for part in text.split(",") if (one := part.strip()))
