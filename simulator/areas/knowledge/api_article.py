"""One article of the knowledge API: its content, its attachments, and the count of its views."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.api.answers import answer, answer_file
from simulator.api.requests import host_of
from simulator.areas.attachments.files import content_of
from simulator.areas.knowledge.article_tables import SECTIONS
from simulator.areas.knowledge.articles_found import TABLE, content, value_of
from simulator.areas.knowledge.fields_shown import asked_fields, shown_fields
from simulator.areas.knowledge.translations import languages_of
from simulator.errors import NoRecord
from simulator.instance import Instance
from simulator.records.plans import Wanted
from simulator.records.rendering import Display

_ATTACHMENTS = "sys_attachment"
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_SHOWN = ("published", "pending_retirement")


async def one_article(instance: Instance, request: Request, person: Person) -> Response:
    """GET `/{id}`, by sys_id or number. An article that user criteria hide is not there."""
    parameters = request.query_params
    row = _readable(instance, request, person)
    fields = asked_fields(instance, parameters)
    record = _as_read(instance, row, request, person, fields=fields)
    text = content(_visible(row, record))
    shown: dict[str, object] = {
        "content": text,
        "template": row["sys_class_name"] in SECTIONS,
        "number": value_of(record, "number"),
        "sys_id": row["sys_id"],
        "short_description": value_of(record, "short_description"),
        "display_attachments": row["display_attachments"] == "true",
    }
    if row["sys_class_name"] in SECTIONS:
        shown["template_table"] = row["sys_class_name"]
    if shown["display_attachments"]:
        shown |= _attachments(instance, row, text)
    shown |= languages_of(instance, row, person)
    if fields:
        shown["fields"] = shown_fields(instance, record, fields)
    _count_view(instance, row, request, person)
    return answer({"result": shown})


async def attachment(instance: Instance, request: Request, person: Person) -> Response:
    """GET `/{id}/attachments/{attachment}`: the file, for whoever may read its article."""
    row = _readable(instance, request, person)
    wanted = request.path_params["attachment"]
    found = next((one for one in _attached(instance, row) if one["sys_id"] == wanted), None)
    content = await asyncio.to_thread(content_of, instance.store, wanted) if found else None
    if found is None or content is None:
        raise NoRecord
    kind = found["content_type"]
    return answer_file(
        content,
        content_type=kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found['file_name'])}",
            "Content-Length": str(len(content)),
        },
    )


def _readable(instance: Instance, request: Request, person: Person) -> dict[str, str]:
    """The article meant: of several versions or languages the one that fits best."""
    language = request.query_params.get("language", "")
    wanted = request.path_params["id"]
    found = instance.store.rows(
        'SELECT "sys_id" FROM "kb_knowledge" WHERE "sys_id" = ? OR "number" = ?', (wanted, wanted)
    )
    rows = [row for (sys_id,) in found if (row := _whole(instance, sys_id))]
    rows.sort(key=lambda row: _order(row, wanted, language))
    for row in rows:
        if instance.reader.may(person, READ, table=TABLE, sys_id=row["sys_id"]):
            return row
    raise NoRecord


def _order(row: Mapping[str, str], wanted: str, language: str) -> tuple[bool, ...]:
    return (
        row["sys_id"] != wanted,
        bool(language) and row["language"] != language,
        row["workflow_state"] not in _SHOWN,
        row["latest"] != "true",
    )


def _whole(instance: Instance, sys_id: str) -> dict[str, str] | None:
    """An article with the fields of its template."""
    row = instance.row(TABLE, sys_id)
    return row and (instance.row(row["sys_class_name"] or TABLE, sys_id) or row)


def _as_read(
    instance: Instance,
    row: Mapping[str, str],
    request: Request,
    person: Person,
    *,
    fields: tuple[str, ...],
) -> Mapping[str, object]:
    table = row["sys_class_name"] or TABLE
    names = ("number", "short_description", "text", "wiki", *SECTIONS.get(table, ()), *fields)
    wanted = Wanted(table=table, fields=names, display=Display.BOTH, links=False)
    record = instance.reader.one(wanted, row["sys_id"], person=person, host=host_of(request))
    if record is None:
        raise NoRecord
    return record


def _visible(row: Mapping[str, str], record: Mapping[str, object]) -> dict[str, str]:
    """A row without the values that field ACLs keep from the person."""
    kept = {name: value_of(record, name) for name in record}
    return {"sys_class_name": row["sys_class_name"], "article_type": row["article_type"], **kept}


def _attached(instance: Instance, row: Mapping[str, str]) -> list[dict[str, str]]:
    tables = ",".join({TABLE, row["sys_class_name"]})
    return instance.query(_ATTACHMENTS, f"table_nameIN{tables}^table_sys_id={row['sys_id']}")


def _attachments(instance: Instance, row: Mapping[str, str], text: str) -> dict[str, object]:
    """The files of an article, those that its text shows apart from the others."""
    files = [
        {
            "sys_id": one["sys_id"],
            "file_name": one["file_name"],
            "size_bytes": one["size_bytes"],
            "state": one.get("state") or "available_conditionally",
        }
        for one in _attached(instance, row)
    ]
    return {
        "attachments": [one for one in files if one["sys_id"] not in text],
        "embedded_content": [one for one in files if one["sys_id"] in text],
    }


def _count_view(
    instance: Instance, row: Mapping[str, str], request: Request, person: Person
) -> None:
    """A view by search, or with `update_view` whatever it says, is counted and noted."""
    parameters = request.query_params
    by_search = "search_id" in parameters and "search_rank" in parameters
    if not by_search and "update_view" not in parameters:
        return
    with instance.store.transaction():
        # Reading an article does not change it: neither its audit fields nor its versions.
        instance.store.write(
            'UPDATE "kb_knowledge" SET "sys_view_count" = coalesce("sys_view_count", 0) + 1'
            ' WHERE "sys_id" = ?',
            (row["sys_id"],),
        )
        use = {"article": row["sys_id"], "user": person.sys_id, "viewed": "true"}
        if by_search:
            use |= {name: parameters[name] for name in ("search_id", "search_rank")}
        instance.insert("kb_use", use, as_user=person.sys_id)
