"""Bodies in XML instead of JSON: `Accept: application/xml`, `Content-Type: application/xml`.

An answer is `<response>` with what the JSON would hold; the records of a list are one `<result>`
each. The body of a write is `<request><entry><field>value</field></entry></request>`.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

import orjson
from starlette.requests import Request
from starlette.responses import Response

from simulator.errors import BadBody

_JSON_KINDS = ("application/json", "application/*", "*/*")
_XML_KINDS = ("application/xml", "text/xml")
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'

# What XML 1.0 cannot hold, however it is written.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^\w.\-]|^(?=[^a-zA-Z_])")


def accepts_only_xml(request: Request) -> bool:
    """Whether a client wants XML, and no JSON."""
    accepted = request.headers.get("accept", "")
    if "xml" not in accepted:
        return False
    kinds = accepted.lower()
    wants_json = any(kind in kinds for kind in _JSON_KINDS)
    return not wants_json and any(kind in kinds for kind in _XML_KINDS)


def is_xml(content_type: str) -> bool:
    """Whether a body is of this type."""
    return content_type.partition(";")[0].strip().lower() in _XML_KINDS


def in_xml(answer: Response) -> Response:
    """A JSON answer in XML; one that is no JSON stays as it is."""
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("application/json") or not answer.body:
        return answer
    content = _HEAD + _element("response", orjson.loads(bytes(answer.body))).encode()
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-type", "content-length")
    }
    return Response(
        content,
        status_code=answer.status_code,
        headers=headers,
        media_type="application/xml;charset=UTF-8",
    )


def _element(name: str, value: object) -> str:
    tag = _NOT_IN_NAMES.sub("_", name) or "_"
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        inner = "".join(_element(str(key), one) for key, one in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(_IMPOSSIBLE.sub("", str(value)))
    return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"


class _Fields:
    """The fields of the first entry, as an XML parser comes upon them."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._entries = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        self._path.append(name)
        self._entries += len(self._path) == 2
        if len(self._path) == 3 and self._entries == 1:
            self.found.setdefault(name, "")

    def text(self, text: str) -> None:
        if len(self._path) == 3 and self._entries == 1:
            self.found[self._path[2]] += text

    def end(self, _: str) -> None:
        self._path.pop()


def fields_of(raw: bytes) -> dict[str, str]:
    """The fields of a write. Raises BadBody for what is no XML, or declares entities."""
    fields = _Fields()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = fields.start
    parser.EndElementHandler = fields.end
    parser.CharacterDataHandler = fields.text
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003  # the parser takes it so
    except (expat.ExpatError, ValueError, LookupError):
        raise BadBody from None
    return fields.found


def _refuse(*_: object) -> None:
    raise BadBody
