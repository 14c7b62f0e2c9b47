"""Text of records on its way to a model: it is data, and only what a person would see of it.

Whoever can write a ticket can write to the model that reads it. Nothing here makes such text
trustworthy; it takes away what a person looking at the record would not have seen.
"""

import re
from html.parser import HTMLParser

# Control characters but tab and newline, soft hyphen, Arabic letter mark, Mongolian vowel
# separator, zero-width and bidi characters, variation selectors but the one for emoji,
# interlinear annotation, tag characters, surrogates and private use.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4"
    "\u0890\u0891\u08e2\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TERMINAL = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?)")
_CODE_MARK = re.compile(r"\[/?code\]", re.IGNORECASE)
_ELEMENT_NAMES = (
    "a abbr address article aside b big blockquote body br button center cite code col colgroup "
    "dd del details div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 "
    "h6 head header hr html i iframe img input ins label legend li link main meta nav noscript "
    "object ol optgroup option p pre q s samp script section select small span strike strong "
    "style sub summary sup svg table tbody td template textarea tfoot th thead title tr tt u ul "
    "var video"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
# Only known elements: `<abel.tuter@example.com>` and `a < b` are text that people write.
_MARKUP = re.compile(
    rf"<!--|<!doctype|</?(?:{_ELEMENT_NAMES.replace(' ', '|')})(?=[\s/>])", re.IGNORECASE
)
_BREAK_NAMES = (
    "address article blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tr ul"
)
_BREAKS = frozenset(_BREAK_NAMES.split())
_WITHOUT_END = frozenset({"br", "hr"})
_UNREAD = frozenset({"script", "style", "template", "noscript", "title", "head"})
_MANY_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SPACES = re.compile(r"\s+")


class _VisibleText(HTMLParser):
    """Collects what a browser would show of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # HTMLParser's signature
        if tag in _UNREAD:
            self._unread += 1
        elif tag in _BREAKS:
            self.pieces.append("\n")
        elif tag not in _ELEMENTS and not self._unread:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BREAKS and tag not in _WITHOUT_END:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(data)


def html_to_text(text: str) -> str:
    """What a browser would show of `text` if it holds HTML; otherwise `text` itself."""
    if not _MARKUP.search(text):
        return text
    parser = _VisibleText()
    parser.feed(text)
    parser.close()
    return _MANY_BLANK_LINES.sub("\n\n", "".join(parser.pieces)).strip()


def clean(text: str, *, most: int) -> str:
    """`text` as a person would see it, with at most `most` characters and a mark where it is cut.

    ServiceNow wraps HTML in journals in `[code]` marks; they go too. Entities are resolved before
    characters are removed, so `&#8203;` hides nothing.
    """
    seen = html_to_text(_CODE_MARK.sub("", text))
    seen = _UNSEEN.sub("", _TERMINAL.sub("", _LINE_END.sub("\n", seen))).strip()
    if len(seen) <= most:
        return seen
    mark = f" … ({len(seen) - most} more characters)"
    return seen[: max(0, most - len(mark))].rstrip() + mark


def clean_line(text: str, *, most: int = 200) -> str:
    """Like `clean`, on one line: names, labels, titles."""
    return clean(_SPACES.sub(" ", html_to_text(text)), most=most)
