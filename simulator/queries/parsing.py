"""The encoded query language, read into a tree. Nothing here knows which fields exist.

::

    query   := segment ("^NQ" segment)* tail
    segment := cond (("^" | "^OR") cond)*
    tail    := ("^ORDERBY"field | "^ORDERBYDESC"field | "^GROUPBY"field | "^EQ")*

`^OR` binds to the condition before it, `^^` is a caret inside a value, a leading `^` is
tolerated. What cannot be read becomes :class:`Unreadable`: a real instance ignores it and goes on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_FIELD = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_RELATED = re.compile(
    r"(?P<table>[a-z0-9_]+)\.(?P<field>[a-z0-9_]+),\s*(?P<operator>>=|<=|!=|=|>|<)(?P<count>\d+)"
    r"(?:,m2m)?"
)
_JOIN = re.compile(
    r"(?P<table>[a-z0-9_]+)\.(?P<field>[a-z0-9_]+)="
    r"(?P<other>[a-z0-9_]+)\.(?P<other_field>[a-z0-9_]+)!(?P<rest>.*)",
    re.DOTALL,
)
_TEXT_SEARCHES = ("123TEXTQUERY321=", "123TEXTINDEXGROUP321=")

# `%`, `*` and `!*` are the short spellings; CONTAINS is what GlideRecord calls LIKE.
_ALIASES = {"%": "ENDSWITH", "*": "LIKE", "!*": "NOT LIKE", "CONTAINS": "LIKE"}

OPERATORS = tuple(
    sorted(
        (
            *("=", "!=", ">", ">=", "<", "<=", "STARTSWITH", "ENDSWITH", "LIKE", "NOT LIKE"),
            *("IN", "NOT IN", "ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING", "BETWEEN"),
            *("SAMEAS", "NSAMEAS", "GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD"),
            *("LT_OR_EQUALS_FIELD", "ON", "NOTON", "RELATIVEGT", "RELATIVELT", "RELATIVEGE"),
            *("RELATIVELE", "RELATIVEEE", "DATEPART", "MORETHAN", "LESSTHAN", "DYNAMIC"),
            *("IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC", "INSTANCEOF", "VALCHANGES", "CHANGESFROM"),
            *("CHANGESTO", "DOESNOTHAVE", "EXCLUDING", *_ALIASES),
        ),
        key=len,
        reverse=True,
    )
)


@dataclass(frozen=True)
class Condition:
    """`field operator value`; the operator in its long spelling."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True)
class TextSearch:
    """Words to find anywhere in a record."""

    words: str


@dataclass(frozen=True)
class RelatedList:
    """How many records of `table` point here through `field`, and match `query`."""

    table: str
    field: str
    operator: str
    count: int
    query: "Query"


@dataclass(frozen=True)
class Join:
    """Some record of `other` has in `other_field` what this one has in `field`."""

    table: str
    field: str
    other: str
    other_field: str
    query: "Query"


@dataclass(frozen=True)
class Unreadable:
    """Text that is no condition."""

    text: str


Term = Condition | TextSearch | RelatedList | Join | Unreadable


@dataclass(frozen=True)
class Ordering:
    """Sort by a field."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Any of `filters` matches; a filter matches when, in each of its groups, any term does."""

    filters: tuple[tuple[tuple[Term, ...], ...], ...] = ()
    orderings: tuple[Ordering, ...] = ()
    group_by: tuple[str, ...] = ()


@dataclass
class _Draft:
    filters: list[list[list[Term]]] = field(default_factory=lambda: [[]])
    orderings: list[Ordering] = field(default_factory=list)
    group_by: list[str] = field(default_factory=list)

    def add(self, term: Term, *, alternative: bool) -> None:
        groups = self.filters[-1]
        if alternative and groups:
            groups[-1].append(term)
        else:
            groups.append([term])

    def finished(self) -> Query:
        filters = tuple(
            tuple(tuple(group) for group in groups) for groups in self.filters if groups
        )
        return Query(filters, tuple(self.orderings), tuple(self.group_by))


def literal(value: str) -> str:
    """A value as it is written in an encoded query: what others typed cannot end it."""
    return value.replace("^", "^^")


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """Read an encoded query. Any text can be read; parts that make no sense are Unreadable."""
    draft = _Draft()
    pieces = _split(text)
    for piece in pieces:
        if piece.startswith("RLQUERY"):
            draft.add(_related_list(piece, pieces), alternative=False)
        elif piece and piece != "EQ" and not _tail(piece, draft):
            _filter_part(piece, draft)
    return draft.finished()


def _split(text: str) -> Iterator[str]:
    """Pieces between single carets, with `^^` turned into the caret it stands for."""
    piece: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith("^^", at):
            piece.append("^")
            at += 2
        elif text[at] == "^":
            yield "".join(piece)
            piece = []
            at += 1
        else:
            end = text.find("^", at)
            end = len(text) if end < 0 else end
            piece.append(text[at:end])
            at = end
    yield "".join(piece)


def _tail(piece: str, draft: _Draft) -> bool:
    """Whether the piece says how to order or group; if so it is taken into the draft."""
    for word, descending in (("ORDERBYDESC", True), ("ORDERBY", False)):
        if piece.startswith(word):
            draft.orderings.append(Ordering(piece.removeprefix(word), descending))
            return True
    if piece.startswith("GROUPBY"):
        draft.group_by.append(piece.removeprefix("GROUPBY"))
        return True
    return False


def _filter_part(piece: str, draft: _Draft) -> None:
    if piece.startswith("NQ"):
        draft.filters.append([])
        _filter_part(piece.removeprefix("NQ"), draft)
    elif piece.startswith("OR"):
        draft.add(_term(piece.removeprefix("OR")), alternative=True)
    elif piece:
        draft.add(_term(piece), alternative=False)


def _term(piece: str) -> Term:
    for word in _TEXT_SEARCHES:
        if piece.startswith(word):
            return TextSearch(piece.removeprefix(word))
    if piece.startswith("JOIN"):
        return _join(piece)
    named = _FIELD.match(piece)
    if named is None:
        return Unreadable(piece)
    rest = piece[named.end() :]
    operator = next((word for word in OPERATORS if rest.startswith(word)), None)
    if operator is None:
        return Unreadable(piece)
    return Condition(named.group(), _ALIASES.get(operator, operator), rest[len(operator) :])


def _join(piece: str) -> Term:
    found = _JOIN.fullmatch(piece.removeprefix("JOIN"))
    if found is None:
        return Unreadable(piece)
    return Join(
        table=found["table"],
        field=found["field"],
        other=found["other"],
        other_field=found["other_field"],
        query=parse(literal(found["rest"])),
    )


def _related_list(piece: str, pieces: Iterator[str]) -> Term:
    inner = _Draft()
    closed = False
    for condition in pieces:
        if condition == "ENDRLQUERY":
            closed = True
            break
        _filter_part(condition, inner)
    found = _RELATED.fullmatch(piece.removeprefix("RLQUERY"))
    if found is None or not closed:
        return Unreadable(piece)
    return RelatedList(
        table=found["table"],
        field=found["field"],
        operator=found["operator"],
        count=int(found["count"]),
        query=inner.finished(),
    )
