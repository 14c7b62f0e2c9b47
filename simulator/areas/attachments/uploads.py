"""The two ways a file comes: as the body of a request, or as the last part of a form."""

import re
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from simulator.errors import BadForm, BadParameter, MissingHeader, MissingParameter

_MEDIA_TYPE = re.compile(r"[\w.+*-]+/[\w.+*-]+", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_BINARY = "application/octet-stream"


@dataclass(frozen=True)
class Upload:
    """One file, and the record that it shall hang on. `values` are those of `sys_attachment`."""

    table: str
    sys_id: str
    file_name: str
    content_type: str
    content: bytes
    values: dict[str, str]


async def raw_upload(request: Request) -> Upload:
    """The file that is the body; everything else is said by parameters."""
    given = request.query_params
    needed = {name: given.get(name, "") for name in ("table_name", "table_sys_id", "file_name")}
    _check_given(needed)
    content_type = request.headers.get("content-type")
    if content_type is None:
        raise MissingHeader("Content-Type")
    created = given.get("creation_time", "")
    if created and not _MOMENT.fullmatch(created):
        raise BadParameter("creation_time")
    return Upload(
        table=needed["table_name"],
        sys_id=needed["table_sys_id"],
        file_name=needed["file_name"],
        content_type=media_type(content_type),
        content=await request.body(),
        values={
            "encryption_context": given.get("encryption_context", ""),
            **({"sys_created_on": created} if created else {}),
        },
    )


async def form_upload(request: Request) -> Upload:
    """The file that is the last part of a form; what comes after it is not read."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise BadForm
    try:
        async with request.form(max_files=1, max_fields=100) as form:
            return await _of_form(form)
    except (HTTPException, MultiPartException, UnicodeError):
        raise BadForm from None


async def _of_form(form: FormData) -> Upload:
    given: dict[str, str] = {}
    for name, part in form.multi_items():
        if isinstance(part, UploadFile):
            needed = {key: given.get(key, "") for key in ("table_name", "table_sys_id")}
            _check_given(needed)
            return Upload(
                table=needed["table_name"],
                sys_id=needed["table_sys_id"],
                file_name=part.filename or name,
                content_type=media_type(part.content_type or _BINARY),
                content=await part.read(),
                values={},
            )
        given[name] = part
    raise BadForm


def _check_given(needed: dict[str, str]) -> None:
    for name, value in needed.items():
        if not value:
            raise MissingParameter(name)


def media_type(content_type: str) -> str:
    """A media type without its parameters, fit for a header; what is none is any file."""
    kind = content_type.partition(";")[0].strip()
    return kind if _MEDIA_TYPE.fullmatch(kind) else _BINARY
