"""Whatever a person types is one literal (P10): builder and parser are proved on each other."""

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from servicenow.exceptions import JavascriptRefused, MalformedQuery
from servicenow.query import Query
from servicenow.query_parser import Condition, parse

# The machine may be busy and the directory read-only.
THOROUGH = settings(deadline=None, database=None, max_examples=200)

# Pieces of the language, so that the search finds what plain random text would not.
SEPARATORS = ["^", "^^", "^OR", "^NQ", "^ORDERBY", "^ORDERBYDESC", "^GROUPBY", "^EQ", "\\^"]
OPERATORS = ["=", ">", "*", "%", "!", "LIKE", "IN", "STANCEOF", "_HIERARCHY", "_DYNAMIC", "NOT IN"]
KEYWORDS = ["RLQUERY", "^ENDRLQUERY", "JOIN", "123TEXTQUERY321=", "javascript:", "JAVASCRIPT:"]
OTHERS = ["active", "a=1", "@", ",", " ", "\n", "\t", "\x00", "\u2028", "\u202e", "ä", "😀"]
PIECES = st.sampled_from([*SEPARATORS, *OPERATORS, *KEYWORDS, *OTHERS])
ANY_TEXT = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))

METHODS = {
    "=": Query.equals,
    "!=": Query.not_equals,
    "LIKE": Query.contains,
    "NOT LIKE": Query.not_contains,
    "STARTSWITH": Query.starts_with,
    "ENDSWITH": Query.ends_with,
    ">": Query.greater,
    ">=": Query.at_least,
    "<": Query.less,
    "<=": Query.at_most,
}


@pytest.mark.parametrize("operator", METHODS)
@THOROUGH
@given(text=ANY_TEXT)
@example(text="^ORactive=true")
@example(text="x\\^ORactive=true")
@example(text="^")
@example(text="a^^b")
@example(text="")
def test_any_text_is_exactly_one_literal(operator: str, text: str) -> None:
    method: Callable[..., Query] = METHODS[operator]
    query = Query().equals("before", "x")
    try:
        query = method(query, "name", text).equals("after", "y").order_by("number")
    except (JavascriptRefused, MalformedQuery):
        assert "javascript" in text.casefold() or (operator in "<>" and text.startswith("="))
        return
    parsed = parse(str(query))
    assert parsed.segments == (
        (
            Condition("before", "=", "x", "AND"),
            Condition("name", operator, text, "AND"),
            Condition("after", "=", "y", "AND"),
        ),
    )
    assert len(parsed.orderings) == 1
    assert not parsed.has_script()


@THOROUGH
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=5))
@example(texts=["STANCEOFx"])
@example(texts=["a,b", "c"])
def test_each_text_of_a_list_is_exactly_one_literal(texts: list[str]) -> None:
    assume(not any("javascript" in text.casefold() for text in texts))
    conditions = parse(str(Query().is_in("name", texts))).segments[0]
    if conditions[0].operator == "IN":
        assert len(conditions) == 1
        assert conditions[0].value.split(",") == texts
    else:
        assert [item.value for item in conditions] == texts
        assert {item.operator for item in conditions} == {"="}
        assert {item.connector for item in conditions[1:]} <= {"OR"}


@THOROUGH
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_each_text_of_a_list_of_exceptions_is_exactly_one_literal(texts: list[str]) -> None:
    assume(not any("javascript" in text.casefold() for text in texts))
    conditions = parse(str(Query().not_in("name", texts))).segments[0]
    if conditions[0].operator == "NOT IN":
        assert conditions[0].value.split(",") == texts
    else:
        assert [item.value for item in conditions] == texts
    assert {item.connector for item in conditions} == {"AND"}


@THOROUGH
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_alternatives_are_as_many_as_were_given(texts: list[str]) -> None:
    assume(not any("javascript" in text.casefold() for text in texts))
    query = Query().any_of(*(Query().contains("name", text) for text in texts))
    (conditions,) = parse(str(query)).segments
    assert [item.value for item in conditions] == texts
    assert [item.connector for item in conditions] == ["AND"] + ["OR"] * (len(texts) - 1)


@THOROUGH
@given(low=ANY_TEXT, high=ANY_TEXT)
def test_bounds_are_exactly_two_literals(low: str, high: str) -> None:
    assume(not any("javascript" in text.casefold() for text in (low, high)))
    try:
        query = Query().between("name", low, high)
    except MalformedQuery:
        assert "@" in low + high
        return
    (conditions,) = parse(str(query)).segments
    assert conditions == (Condition("name", "BETWEEN", f"{low}@{high}", "AND"),)


@THOROUGH
@given(text=ANY_TEXT)
def test_full_text_is_exactly_one_literal(text: str) -> None:
    assume("javascript" not in text.casefold())
    (conditions,) = parse(str(Query().full_text(text))).segments
    assert conditions == (Condition("", "123TEXTQUERY321", text, "AND"),)


@THOROUGH
@given(text=ANY_TEXT)
def test_the_parser_refuses_or_understands_any_text(text: str) -> None:
    try:
        parsed = parse(text)
    except ValueError:
        return
    assert parsed.fields() is not None
