"""Requests made up from what the simulator's own routes, tables and modules name, and from junk."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from starlette.applications import Starlette
from starlette.types import Message

import simulator
from simulator.instance import Instance
from simulator.queries.parsing import OPERATORS

SOURCES = Path(simulator.__file__).parent
PARAMETER = re.compile(r'"(sysparm_\w+)"')
NAME = re.compile(r'"([a-z][a-z0-9_]{1,40})"')
PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")

NASTY = (
    "",
    " ",
    "\x00",
    "null",
    "-1",
    "0",
    "1e400",
    "NaN",
    "99999999999999999999999999",
    "١٢٣",
    "'; DROP TABLE task; --",
    '"',
    "%",
    "^",
    "^^OR",
    "^NQ",
    "../../etc/passwd",
    "javascript:gs.getUserID()",
    "javascript:while(1){}",
    "9999-12-31 23:59:59",
    "0000-00-00",
    "a" * 300,
    "ß𝔘\u202e",
    "{}",
    "[]",
    "=",
    "//x",
)


@dataclass(frozen=True)
class Asked:
    """One request, as bytes on the wire would have it."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def names_in_sources() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parameter names, and names of fields and body members, that the simulator's APIs mention."""
    parameters: set[str] = set()
    names: set[str] = set()
    for path in sorted(SOURCES.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parameters |= set(PARAMETER.findall(text))
        if "api" in path.name or path.parent.name == "api":
            names |= set(NAME.findall(text))
    return tuple(sorted(parameters)), tuple(sorted(names))


@dataclass(frozen=True)
class Vocabulary:
    """What there is in an instance: tables, a few sys_ids and numbers of each, field names."""

    tables: tuple[str, ...]
    ids: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, instance: Instance) -> "Vocabulary":
        """Collected from an instance with demo data."""
        tables = tuple(instance.dictionary.tables)
        ids: list[str] = []
        for table in tables:
            for row in instance.query(table, limit=2):
                ids += [row["sys_id"], row.get("number", "") or row.get("name", "")]
        fields = {name for table in tables for name in instance.dictionary.fields_of(table)}
        return cls(tables, tuple(filter(None, ids)), tuple(sorted(fields)))


def any_of(words: Sequence[str]) -> SearchStrategy[str]:
    """One of many words; `sampled_from` would spell out all of them in every message."""
    return st.integers(0, len(words) - 1).map(words.__getitem__)


def junk() -> SearchStrategy[str]:
    """Text that nobody sane sends."""
    return st.one_of(any_of(NASTY), st.text(max_size=20))


def texts(words: Vocabulary) -> SearchStrategy[str]:
    """Text that may mean something."""
    return st.one_of(
        any_of(words.ids),
        any_of(words.tables),
        any_of(words.fields),
        st.sampled_from(("true", "false", "all", "1", "10", "2026-11-20 09:00:00", "admin")),
        encoded_queries(words),
        junk(),
    )


def encoded_queries(words: Vocabulary) -> SearchStrategy[str]:
    """Encoded queries, most of them readable."""
    field = any_of(words.fields) | st.builds(
        "{}.{}".format, any_of(words.fields), any_of(words.fields)
    )
    value = any_of(words.ids) | any_of(NASTY)
    condition = st.builds("{}{}{}".format, field, any_of(OPERATORS), value)
    ordering = st.builds("ORDERBY{}".format, field) | st.builds("GROUPBY{}".format, field)
    special = st.builds("RLQUERY{}.{},>0^ENDRLQUERY".format, any_of(words.tables), field)
    term = st.one_of(condition, condition, condition, ordering, special)
    joiner = st.sampled_from(("^", "^OR", "^NQ"))
    return st.lists(st.tuples(joiner, term), max_size=4).map(
        lambda parts: "".join(mark + text for mark, text in parts)
    )


def json_values(words: Vocabulary) -> SearchStrategy[object]:
    """Anything JSON can say."""
    leaf = st.one_of(
        texts(words),
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.just(base64.b64encode(b"GET").decode()),
    )
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys(words), inner, max_size=4),
        max_leaves=8,
    )


def keys(words: Vocabulary) -> SearchStrategy[str]:
    """Names that a body may have."""
    parameters, names = names_in_sources()
    return st.one_of(
        any_of(names),
        any_of(words.fields),
        any_of(parameters),
        st.text(max_size=6),
    )


def bodies(words: Vocabulary) -> SearchStrategy[bytes]:
    """Bodies: mostly JSON objects, sometimes forms, sometimes noise."""
    objects = st.dictionaries(keys(words), json_values(words), max_size=6)
    forms = st.dictionaries(keys(words), texts(words), max_size=4)
    return st.one_of(
        objects.map(lambda value: json.dumps(value).encode()),
        objects.map(lambda value: json.dumps(value).encode()),
        json_values(words).map(lambda value: json.dumps(value).encode()),
        forms.map(lambda form: urlencode(form, errors="replace").encode()),
        st.binary(max_size=40),
        st.just(b""),
    )


def headers() -> SearchStrategy[tuple[tuple[str, str], ...]]:
    """What goes with it: usual and unusual content types, overrides."""
    accept = st.sampled_from(("application/json", "*/*", "text/html", "application/xml", ""))
    kind = st.sampled_from(
        (
            "application/json",
            "application/json",
            "application/json; charset=utf-16",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "text/plain",
            "",
        )
    )
    override = st.sampled_from(("", "", "", "PATCH", "DELETE", "TRACE"))
    silent = st.sampled_from(("", "", "true"))
    return st.tuples(accept, kind, override, silent).map(
        lambda parts: tuple(
            (name, value)
            for name, value in zip(
                ("accept", "content-type", "x-http-method-override", "x-no-response-body"),
                parts,
                strict=True,
            )
            if value
        )
    )


def queries(words: Vocabulary) -> SearchStrategy[str]:
    """Query strings of known and unknown parameters; sometimes no form at all."""
    parameters, _ = names_in_sources()
    name = st.one_of(any_of(parameters), keys(words))
    pairs = st.lists(st.tuples(name, texts(words)), max_size=5)
    formed = pairs.map(lambda given: urlencode(given, errors="replace"))
    return formed | st.sampled_from(("%", "%ff=%fe", "&&==", "a" * 3000))


def paths(words: Vocabulary, template: str) -> SearchStrategy[str]:
    """Addresses of one route, its places filled."""
    places = PLACE.findall(template)
    fill = {
        place: any_of(words.tables) | junk()
        if "table" in place or "class" in place
        else any_of(words.ids) | junk()
        for place in places
    }
    return st.fixed_dictionaries(fill).map(lambda found: _filled(template, found))


def _filled(template: str, found: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: quote(found[place[1]], safe="", errors="replace"), template)


def requests(words: Vocabulary, template: str, methods: Sequence[str]) -> SearchStrategy[Asked]:
    """Requests to one route."""
    return st.builds(
        Asked,
        method=st.sampled_from(sorted(methods)),
        path=paths(words, template),
        query=queries(words),
        headers=headers(),
        body=bodies(words),
    )


async def answered(app: Starlette, asked: Asked, *, bearer: str) -> Answered:
    """Send a request straight into the application, as a server would have read it."""
    authorization = [(b"authorization", f"Bearer {bearer}".encode())] if bearer else []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(asked.path),
        "raw_path": asked.path.encode("ascii", "replace"),
        "root_path": "",
        "query_string": asked.query.encode("ascii", "replace"),
        "headers": [
            (b"host", b"instance.test"),
            *authorization,
            *((name.encode(), value.encode("latin-1")) for name, value in asked.headers),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("instance.test", 80),
    }
    sent: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = sent[0]
    return Answered(
        head["status"],
        {name.decode().lower(): value.decode("latin-1") for name, value in head["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
