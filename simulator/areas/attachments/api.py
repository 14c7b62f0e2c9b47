"""The Attachment API: `/api/now[/v1|/v2]/attachment`."""

import asyncio
import json
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.acls import CREATE, READ
from simulator.access.people import Person
from simulator.api.answers import answer, answer_file, links
from simulator.api.endpoints import Endpoint, api_routes
from simulator.api.requests import body_of, host_of, paging
from simulator.api.selection import selection
from simulator.areas.attachments import attributes
from simulator.areas.attachments.acls import HIDDEN_PREFIX
from simulator.areas.attachments.events import READ as READ_EVENT
from simulator.areas.attachments.events import note
from simulator.areas.attachments.files import PackedFile, content_of, keep, packed
from simulator.areas.attachments.limits import check_file, check_role
from simulator.areas.attachments.uploads import Upload, form_upload, media_type, raw_upload
from simulator.errors import AclRefused, MissingParameter, NoRecord, NotAcceptable
from simulator.instance import Instance
from simulator.records.plans import Wanted

DEFAULT_LIMIT = 1000

_SHOWN = (
    *("size_bytes", "file_name", "sys_mod_count", "average_image_color", "image_width"),
    *("sys_updated_on", "sys_tags", "table_name", "sys_id", "image_height", "sys_updated_by"),
    *("content_type", "sys_created_on", "size_compressed", "compressed", "state"),
    *("table_sys_id", "chunk_size_bytes", "hash", "sys_created_by"),
)
_WANTED = Wanted(table="sys_attachment", fields=_SHOWN)

Shown = dict[str, object]


def routes(instance: Instance) -> list[Route]:
    """The routes of this API; a download may be of any type."""
    one = "/api/now{version}/attachment/{sys_id}"
    downloads = {f"{one}/file": {"GET": _download}}
    paths: dict[str, dict[str, Endpoint]] = {
        "/api/now{version}/attachment": {"GET": _list},
        "/api/now{version}/attachment/file": {"POST": _upload_raw},
        "/api/now{version}/attachment/upload": {"POST": _upload_form},
        one: {"GET": _get, "PATCH": _rename, "DELETE": _delete},
        **attributes.paths(one),
    }
    return [*api_routes(instance, paths), *api_routes(instance, downloads, only_json=False)]


async def _list(instance: Instance, request: Request, person: Person) -> Response:
    request = instance.tiny_addresses.expanded(request)
    parameters = request.query_params
    pages = paging(parameters)
    if "sysparm_limit" not in parameters:
        pages = replace(pages, limit=DEFAULT_LIMIT)
    select = selection(instance, "sys_attachment", parameters, person=person)
    host = host_of(request)
    found = instance.reader.page(
        _WANTED, select, person=person, host=host, limit=pages.limit, offset=pages.offset
    )
    headers = {}
    if pages.counted:
        total = instance.reader.count(select)
        headers["X-Total-Count"] = str(total)
        if pages.linked:
            headers["Link"] = links(host + request.url.path, parameters, pages, total=total)
    shown = [_shown(dict(record), host=host) for record in found]
    return answer({"result": shown}, headers=headers)


async def _get(instance: Instance, request: Request, person: Person) -> Response:
    shown = _facts(instance, request, person, sys_id=request.path_params["sys_id"])
    return answer({"result": shown})


async def _download(instance: Instance, request: Request, person: Person) -> Response:
    sys_id = request.path_params["sys_id"]
    shown = _facts(instance, request, person, sys_id=sys_id)
    content_type = media_type(str(shown.get("content_type")))
    accepted = request.headers.get("accept", "*/*")
    if not _accepts(accepted, content_type):
        raise NotAcceptable(accepted)
    content = await asyncio.to_thread(content_of, instance.store, sys_id)
    if content is None:
        raise NoRecord
    if request.method == "GET":
        kept = instance.row("sys_attachment", sys_id) or {}
        note(instance, READ_EVENT, kept, person=person, at=instance.now())
    file_name = quote(str(shown.get("file_name", "")), safe="", errors="replace")
    return answer_file(
        b"" if request.method == "HEAD" else content,
        content_type=content_type,
        headers={
            "X-Attachment-Metadata": json.dumps(shown),
            "Content-Disposition": f"attachment; filename*=UTF-8''{file_name}",
            "Content-Length": str(len(content)),
        },
    )


async def _upload_raw(instance: Instance, request: Request, person: Person) -> Response:
    return await _attach(instance, request, person, await raw_upload(request))


async def _upload_form(instance: Instance, request: Request, person: Person) -> Response:
    return await _attach(instance, request, person, await form_upload(request))


async def _attach(instance: Instance, request: Request, person: Person, upload: Upload) -> Response:
    check_role(instance.property, roles=person.roles, is_admin=person.is_admin)
    check_file(
        instance.property,
        file_name=upload.file_name,
        content_type=upload.content_type,
        size=len(upload.content),
    )
    file = await asyncio.to_thread(packed, upload.content)
    sys_id = _kept(instance, person, upload, file)
    location = f"{host_of(request)}/api/now/attachment/{sys_id}/file"
    shown = _facts(instance, request, person, sys_id=sys_id)
    return answer({"result": shown}, status=201, headers={"Location": location})


def _kept(instance: Instance, person: Person, upload: Upload, file: PackedFile) -> str:
    """Write the attachment, if the person may; its sys_id. Raises NoRecord or AclRefused.

    Nothing is awaited here: no other request can take the record away meanwhile.
    """
    table = upload.table.removeprefix(HIDDEN_PREFIX)
    is_there = instance.knows(table)
    if not is_there or not instance.reader.may(person, READ, table=table, sys_id=upload.sys_id):
        raise NoRecord
    values = {
        **upload.values,
        "file_name": upload.file_name,
        "content_type": upload.content_type,
        "table_name": upload.table,
        "table_sys_id": upload.sys_id,
    }
    if not instance.access.row(person, "sys_attachment", CREATE).holds(person, values):
        raise AclRefused("Insert")
    with instance.store.transaction():
        return keep(instance, file, values, as_user=person.sys_id)


async def _rename(instance: Instance, request: Request, person: Person) -> Response:
    sys_id = request.path_params["sys_id"]
    name = (await body_of(request)).get("file_name", "")
    shown = _facts(instance, request, person, sys_id=sys_id)
    if not name:
        raise MissingParameter("file_name")
    content_type = str(shown.get("content_type", ""))
    check_file(instance.property, file_name=name, content_type=content_type, size=0)
    instance.writer.change("sys_attachment", sys_id, {"file_name": name}, person=person)
    return answer(None, status=204)


async def _delete(instance: Instance, request: Request, person: Person) -> Response:
    instance.writer.remove("sys_attachment", request.path_params["sys_id"], person=person)
    return answer(None, status=204)


def _facts(instance: Instance, request: Request, person: Person, *, sys_id: str) -> Shown:
    """What is known of an attachment. Raises NoRecord, also where the person may not read it."""
    host = host_of(request)
    record = instance.reader.one(_WANTED, sys_id, person=person, host=host)
    if record is None:
        raise NoRecord
    return _shown(dict(record), host=host)


def _shown(record: Shown, *, host: str) -> Shown:
    return {**record, "download_link": f"{host}/api/now/attachment/{record['sys_id']}/file"}


def _accepts(accepted: str, content_type: str) -> bool:
    """Whether an Accept header takes a file of a type; `image/*` takes every image.

    JSON takes every file: clients that ask for JSON always (PySNC) download files, too.
    """
    family = content_type.partition("/")[0]
    wanted = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    return not wanted.isdisjoint(
        {"*/*", "", "application/json", content_type.lower(), f"{family.lower()}/*"}
    )
