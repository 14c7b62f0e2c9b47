"""The builder writes what a person meant, and refuses what it could not write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from servicenow.exceptions import JavascriptRefused, MalformedName, MalformedQuery, UnknownField
from servicenow.query import CurrentUser, Query
from servicenow.query_parser import parse
from servicenow.records import Record, Value


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        (Query(), ""),
        (Query().equals("active", value=True), "active=true"),
        (Query().equals("active", value=False), "active=false"),
        (Query().not_equals("state", 7), "state!=7"),
        (Query().contains("short_description", "vpn"), "short_descriptionLIKEvpn"),
        (Query().not_contains("short_description", "x"), "short_descriptionNOT LIKEx"),
        (Query().starts_with("number", "INC"), "numberSTARTSWITHINC"),
        (Query().ends_with("email", "@example.com"), "emailENDSWITH@example.com"),
        (Query().is_in("state", [1, 2]), "stateIN1,2"),
        (Query().not_in("state", ["6", "7"]), "stateNOT IN6,7"),
        (Query().is_empty("assigned_to"), "assigned_toISEMPTY"),
        (Query().is_not_empty("caller_id.manager"), "caller_id.managerISNOTEMPTY"),
        (Query().greater("reopen_count", 1), "reopen_count>1"),
        (Query().at_least("priority", 2), "priority>=2"),
        (Query().less("priority", 3), "priority<3"),
        (Query().at_most("priority", 4), "priority<=4"),
        (Query().between("priority", 2, 4), "priorityBETWEEN2@4"),
        (Query().full_text("printer ^ jam"), "123TEXTQUERY321=printer ^^ jam"),
        (Query().equals("sys_id", CurrentUser.SYS_ID), "sys_id=javascript:gs.getUserID()"),
        (Query().order_by("number"), "ORDERBYnumber"),
        (
            Query().equals("a", "1").order_by("b", descending=True).order_by("c"),
            "a=1^ORDERBYDESCb^ORDERBYc",
        ),
    ],
)
def test_each_method_writes_its_operator(query: Query, encoded: str) -> None:
    assert str(query) == encoded


def test_a_time_is_written_in_utc() -> None:
    vienna = timezone(timedelta(hours=2))
    query = Query().at_least("opened_at", datetime(2026, 6, 1, 1, 30, tzinfo=vienna))
    assert str(query) == "opened_at>=2026-05-31 23:30:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Query().less("opened_at", datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None))


def test_alternatives_are_bound_to_one_another_and_not_to_their_neighbours() -> None:
    alternatives = [Query().equals("state", 1), Query().is_empty("assigned_to")]
    query = Query().equals("active", value=True).any_of(*alternatives).equals("priority", 1)
    assert str(query) == "active=true^state=1^ORassigned_toISEMPTY^priority=1"
    connectors = [condition.connector for condition in parse(str(query)).segments[0]]
    assert connectors == ["AND", "AND", "OR", "AND"]


def test_alternatives_may_themselves_be_alternatives() -> None:
    either = Query().any_of(Query().equals("a", 1), Query().equals("b", 2))
    assert str(Query().any_of(either, Query().equals("c", 3))) == "a=1^ORb=2^ORc=3"


@pytest.mark.parametrize(
    "queries",
    [
        [],
        [Query()],
        [Query().equals("a", 1).equals("b", 2)],
        [Query().equals("a", 1).order_by("b")],
    ],
)
def test_alternatives_that_the_language_cannot_bind_are_refused(queries: list[Query]) -> None:
    with pytest.raises(MalformedQuery):
        Query().any_of(*queries)


def test_a_list_value_with_a_comma_stays_one_value() -> None:
    query = Query().is_in("name", ["Smith, Anna", "Jones"])
    assert str(query) == "name=Smith, Anna^ORname=Jones"
    assert str(Query().not_in("name", ["Smith, Anna", "Jones"])) == (
        "name!=Smith, Anna^name!=Jones"
    )


def test_an_empty_value_in_a_list_stays_a_value() -> None:
    assert str(Query().is_in("close_code", ["", "Duplicate"])) == (
        "close_code=^ORclose_code=Duplicate"
    )


@pytest.mark.parametrize("value", ["STANCEOFtask", "_HIERARCHYx", "_HIERARCHY_DYNAMICx"])
def test_a_list_value_cannot_turn_in_into_another_operator(value: str) -> None:
    assert str(Query().is_in("name", [value, "x"])) == f"name={value}^ORname=x"


def test_a_list_without_values_is_refused() -> None:
    with pytest.raises(MalformedQuery, match="is empty"):
        Query().is_in("state", [])
    with pytest.raises(MalformedQuery, match="is empty"):
        Query().not_in("state", [])


@pytest.mark.parametrize("method", ["greater", "less"])
def test_a_comparison_cannot_be_turned_into_another(method: str) -> None:
    with pytest.raises(MalformedQuery, match="change the operator"):
        getattr(Query(), method)("priority", "=3")


def test_a_bound_with_the_separator_of_bounds_is_refused() -> None:
    with pytest.raises(MalformedQuery, match="'@'"):
        Query().between("email", "a@b", "z")


@pytest.mark.parametrize(
    "value",
    [
        "javascript:gs.getUserID()",
        "  JavaScript:x",
        "\tjavascript:x",
        "\x00\u2003\x01javascript:x",
        "\u200bjavascript:x",
        "javascript :x",
    ],
)
def test_a_value_that_an_instance_would_evaluate_is_refused(value: str) -> None:
    for method in ("equals", "not_equals", "contains", "starts_with", "ends_with", "greater"):
        with pytest.raises(JavascriptRefused):
            getattr(Query(), method)("name", value)
    with pytest.raises(JavascriptRefused):
        Query().is_in("name", ["fine", value])
    with pytest.raises(JavascriptRefused):
        Query().not_in("name", [value])
    with pytest.raises(JavascriptRefused):
        Query().between("name", "a", value)
    with pytest.raises(JavascriptRefused):
        Query().full_text(value)


def test_a_value_that_only_mentions_javascript_is_fine() -> None:
    assert str(Query().contains("text", "my javascript: x")) == "textLIKEmy javascript: x"


def test_half_a_character_is_refused() -> None:
    with pytest.raises(MalformedQuery, match="Unicode"):
        Query().equals("name", "a\ud800")


@pytest.mark.parametrize(
    "name", ["", "Name", "a b", "a^b", "a=1^b", ".a", "a.", "a..b", "ä", "a\n"]
)
def test_a_name_that_no_field_has_is_refused(name: str) -> None:
    with pytest.raises(MalformedName):
        Query().equals(name, "x")
    with pytest.raises(MalformedName):
        Query().is_empty(name)
    with pytest.raises(MalformedName):
        Query().order_by(name)
    with pytest.raises(MalformedName):
        Query().between(name, 1, 2)


def test_queries_are_values() -> None:
    first = Query().equals("a", 1)
    second = first.equals("b", 2)
    assert str(first) == "a=1"
    assert second == Query().equals("a", 1).equals("b", 2)


def test_two_queries_together_hold_both_and_keep_both_orders() -> None:
    one = Query().equals("a", 1).order_by("x")
    other = Query().equals("b", 2).order_by("y", descending=True)
    assert str(one.also(other)) == "a=1^b=2^ORDERBYx^ORDERBYDESCy"


def test_all_field_names_are_known() -> None:
    query = (
        Query()
        .full_text("words")
        .any_of(Query().equals("a", 1), Query().equals("b.c", 2))
        .order_by("d")
    )
    assert query.fields() == {"a", "b.c", "d"}


class _KnowsNothing:
    async def check(self, table: str, names: object) -> None:
        raise UnknownField(table, str(names))


async def test_a_query_asks_its_dictionary_and_hands_it_on() -> None:
    query = Query().equals("a", 1).checked_by(_KnowsNothing())
    for checked in (query, query.equals("b", 2), Query().also(query), query.also(Query())):
        with pytest.raises(UnknownField):
            await checked.check("incident")
    await Query().equals("a", 1).check("incident")


@pytest.mark.parametrize(
    ("query", "contradicted"),
    [
        (Query().equals("number", "inc0010001"), False),
        (Query().equals("number", "INC0010002"), True),
        (Query().equals("state", "New"), False),
        (Query().equals("state", "2"), True),
        (Query().equals("not_returned", "x"), False),
        (Query().contains("number", "other"), False),
        (Query().equals("number", CurrentUser.USER_NAME), False),
        (Query().any_of(Query().equals("number", "x"), Query().equals("state", "1")), False),
    ],
)
def test_a_record_that_openly_fails_an_equality_is_noticed(
    query: Query, *, contradicted: bool
) -> None:
    record = Record(
        "incident", "1", {"number": Value("INC0010001", "INC0010001"), "state": Value("1", "New")}
    )
    assert query.contradicted_by(record) is contradicted
