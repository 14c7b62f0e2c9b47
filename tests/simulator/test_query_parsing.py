"""Encoded queries, read into a tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.queries.parsing import (
    OPERATORS,
    Condition,
    Join,
    Ordering,
    Query,
    RelatedList,
    TextSearch,
    Unreadable,
    parse,
)
from tests.simulator.facts import fact

A = Condition("a", "=", "1")
B = Condition("b", "=", "2")
C = Condition("c", "=", "3")


def test_an_empty_query_has_no_filters() -> None:
    assert parse("") == Query()


def test_conditions_between_carets_all_hold() -> None:
    assert parse("a=1^b=2").filters == (((A,), (B,)),)


@fact(
    "^OR binds to the condition before it, ^ joins what is bound so", tag="D c_EncodedQueryStrings"
)
def test_or_binds_to_the_condition_before_it() -> None:
    assert parse("a=1^b=2^ORc=3").filters == (((A,), (B, C)),)


def test_an_or_without_a_condition_before_it_is_a_condition() -> None:
    assert parse("^ORa=1").filters == (((A,),),)


@fact("^NQ begins another filter; any of the filters may match", tag="D c_EncodedQueryStrings")
def test_new_query_begins_another_filter() -> None:
    assert parse("a=1^b=2^NQc=3").filters == (((A,), (B,)), ((C,),))


@pytest.mark.parametrize("text", ["a=1^NQ", "^NQa=1", "a=1^", "a=1^NQ^NQ"])
def test_an_empty_filter_is_none(text: str) -> None:
    assert parse(text).filters == (((A,),),)


def test_a_leading_caret_is_tolerated() -> None:
    assert parse("^a=1").filters == (((A,),),)


@fact("Two carets are one caret inside a value", tag="D GlideStringUtil.escapeQueryTermSeparator")
def test_two_carets_are_one_in_the_value() -> None:
    assert parse("a=x^^ORb=2").filters == (((Condition("a", "=", "x^ORb=2"),),),)


def test_the_tail_orders_groups_and_ends() -> None:
    query = parse("a=1^ORDERBYb^ORDERBYDESCc.d^GROUPBYe^EQ")
    assert query.filters == (((A,),),)
    assert query.orderings == (Ordering("b"), Ordering("c.d", descending=True))
    assert query.group_by == ("e",)


def test_a_query_may_only_order() -> None:
    assert parse("ORDERBYnumber") == Query(orderings=(Ordering("number"),))


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_read_whole(operator: str) -> None:
    (((term,),),) = parse(f"field.of{operator}value").filters
    spelt = {"%": "ENDSWITH", "*": "LIKE", "!*": "NOT LIKE", "CONTAINS": "LIKE"}
    assert term == Condition("field.of", spelt.get(operator, operator), "value")


@pytest.mark.parametrize("text", ["nofield", "=1", "a~1", "aDOES NOT CONTAINb", "Upper=1", "JOINx"])
def test_what_is_no_condition_is_unreadable(text: str) -> None:
    assert parse(text).filters == (((Unreadable(text),),),)


@pytest.mark.parametrize("word", ["123TEXTQUERY321=", "123TEXTINDEXGROUP321="])
def test_a_text_search_keeps_its_words(word: str) -> None:
    assert parse(f"{word}printer fire").filters == (((TextSearch("printer fire"),),),)


def test_a_related_list_has_its_own_conditions() -> None:
    (((term,),),) = parse(
        "RLQUERYsys_group_has_role.group,>0,m2m^role.nameLIKEadmin^ENDRLQUERY"
    ).filters
    inner = Query(((((Condition("role.name", "LIKE", "admin")),),),))
    assert term == RelatedList("sys_group_has_role", "group", ">", 0, inner)


@pytest.mark.parametrize(
    "text", ["RLQUERYa.b,>=1^c=1", "RLQUERYa,>=1^ENDRLQUERY", "RLQUERYa.b,many^ENDRLQUERY"]
)
def test_a_related_list_that_makes_no_sense_is_unreadable(text: str) -> None:
    (((term,),),) = parse(text).filters
    assert isinstance(term, Unreadable)


def test_a_join_needs_its_exclamation_mark() -> None:
    (((term,),),) = parse("JOINsys_user.sys_id=sys_user_group.manager!a=1").filters
    assert term == Join("sys_user", "sys_id", "sys_user_group", "manager", Query((((A,),),)))
    (((without,),),) = parse("JOINsys_user.sys_id=sys_user_group.manager").filters
    assert isinstance(without, Unreadable)


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    parse(text)


@settings(deadline=None)
@given(st.text().filter(lambda text: text))
def test_an_escaped_value_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("^", "^^")
    assert parse(f"a={escaped}").filters == (((Condition("a", "=", text),),),)
