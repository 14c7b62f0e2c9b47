"""A hundred thousand texts through the builder into a parser that was written apart (P10)."""

import os
import random
from collections.abc import Iterator

from servicenow.exceptions import JavascriptRefused, MalformedQuery
from servicenow.query import Query
from simulator.queries import parsing
from tests.identity.requirements import protects

# More of them by hand: LITERALS=1000000 with the path of this file
TEXTS = int(os.environ.get("LITERALS", "100000"))
SEED = int(os.environ.get("LITERALS_SEED", "5"))
IN_ONE_QUERY = 5
MARKS = (
    "^",
    "^^",
    "^^^",
    "^OR",
    "^NQ",
    "^ORDERBY",
    "^ORDERBYDESC",
    "^GROUPBY",
    "^EQ",
    "\\^",
    "%5E",
)
SYNTAX = (
    *("=", "!=", ">", "<", "*", "!*", "%", "LIKE", "NOT LIKE", "IN", "NOT IN", "STANCEOF"),
    *("_HIERARCHY", "_DYNAMIC", "ISEMPTY", "BETWEEN", "@", ",", "RLQUERY", "^ENDRLQUERY", "JOIN"),
    *("123TEXTQUERY321=", "javascript:gs.getUserID()", "JavaScript :", "\u200bjavascript:"),
)
WORDS = (
    "active=true",
    "a",
    "1",
    "sys_id",
    " ",
    "\n",
    "\t",
    "\x01",
    "\u2028",
    "\u202e",
    "ä",
    "😀",
    "ß",
    "",
)
PIECES = (*MARKS, *SYNTAX, *WORDS)
METHODS = (
    ("=", Query.equals),
    ("!=", Query.not_equals),
    ("LIKE", Query.contains),
    ("NOT LIKE", Query.not_contains),
    ("STARTSWITH", Query.starts_with),
    ("ENDSWITH", Query.ends_with),
    (">", Query.greater),
    (">=", Query.at_least),
    ("<", Query.less),
    ("<=", Query.at_most),
)


def hostile_texts(dice: random.Random) -> Iterator[str]:
    """Pieces of the language and of anything else, in any order."""
    for _ in range(TEXTS):
        text = "".join(dice.choices(PIECES, k=dice.randint(1, 6)))
        if dice.random() < 0.3:
            text += "".join(chr(dice.randint(1, 0xD7FF)) for _ in range(4))
        yield text


@protects("P10")
def test_none_of_a_hundred_thousand_texts_escapes_its_literal() -> None:
    dice = random.Random(SEED)  # no secret: the same texts in every run
    before, after = parsing.Condition("before", "=", "x"), parsing.Condition("after", "=", "y")
    query, meant, refused = Query().equals("before", "x"), [before], 0
    for number, text in enumerate(hostile_texts(dice), start=1):
        operator, method = METHODS[number % len(METHODS)]
        try:
            query = method(query, "name", text)
            meant.append(parsing.Condition("name", operator, text))
        except (JavascriptRefused, MalformedQuery):
            assert "javascript" in text.casefold() or (operator in "<>" and text.startswith("="))
            refused += 1
        if number % IN_ONE_QUERY == 0:
            read = parsing.parse(str(query.equals("after", "y").order_by("number")))
            assert [list(groups) for groups in read.filters] == [
                [(one,) for one in [*meant, after]]
            ]
            assert [(one.field, one.descending) for one in read.orderings] == [("number", False)]
            assert not read.group_by
            query, meant = Query().equals("before", "x"), [before]
    assert 0 < refused < TEXTS / 10
