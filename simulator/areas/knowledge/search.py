"""Full-text search of articles: which match, how well, and the piece of text that shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from math import log

_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\w+")

_SNIPPET_LENGTH = 320
_LEAD = 60

# A word in the title says more about an article than one in its text.
_NUMBER_WEIGHT, _TITLE_WEIGHT, _META_WEIGHT, _TEXT_WEIGHT = 20.0, 8.0, 4.0, 1.5


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What of an article is searched; `text` is plain."""

    number: str
    title: str
    meta: str
    text: str


def plain(html: str) -> str:
    """The text of an HTML document, blanks collapsed."""
    return _BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip()


def words_of(query: str) -> tuple[str, ...]:
    """The words to look for, in lower case, each once."""
    return tuple(dict.fromkeys(_WORD.findall(query.lower())))


def relevance(article: Searched, words: Sequence[str]) -> tuple[int, float]:
    """How many of the words an article has, and its score: higher is better."""
    found, score = 0, 0.0
    parts = (
        (article.number.lower(), _NUMBER_WEIGHT),
        (article.title.lower(), _TITLE_WEIGHT),
        (article.meta.lower(), _META_WEIGHT),
        (article.text.lower(), _TEXT_WEIGHT),
    )
    for word in words:
        counts = [(text.count(word), weight) for text, weight in parts]
        found += any(count for count, _ in counts)
        score += sum(weight * (1 + log(count)) for count, weight in counts if count)
    return found, round(score, 4)


def snippet(article: Searched, words: Sequence[str]) -> str:
    """Some text around the first word that is found, each word in `<B>`, all else escaped."""
    text = article.text or article.title
    at = [place for word in words if (place := text.lower().find(word)) >= 0]
    start = max(min(at, default=0) - _LEAD, 0)
    piece = text[start : start + _SNIPPET_LENGTH]
    if not words:
        return escape(piece, quote=False)
    hit = re.compile(
        "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE
    )
    shown, last = [], 0
    for match in hit.finditer(piece):
        shown += [escape(piece[last : match.start()], quote=False)]
        shown += [f"<B>{escape(match.group(), quote=False)}</B>"]
        last = match.end()
    return "".join(shown) + escape(piece[last:], quote=False)
