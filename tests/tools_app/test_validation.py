"""Arguments that do not fit are refused, each with what was wrong and what is accepted."""

from typing import Any

import pytest

from tools_app.catalog import CATALOG
from tools_app.exceptions import InvalidArguments
from tools_app.validation import accepted


def problem(tool: str, **arguments: object) -> str:
    """The one complaint about these arguments."""
    with pytest.raises(InvalidArguments) as refused:
        CATALOG[tool].validate(arguments)
    [only] = refused.value.arguments
    assert refused.value.code == "VALIDATION_ERROR"
    assert str(only) == refused.value.message
    return str(only)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            {"limit": "10"},
            "`limit` is text (10). Accepted: a whole number of 1 to 100; Most to return.",
        ),
        ({"limit": 0}, "`limit` is '0'. Accepted: a whole number of 1 to 100"),
        ({"limit": 101}, "`limit` is '101'. Accepted: a whole number of 1 to 100"),
        ({"limit": 2.5}, "`limit` is a number (2.5). Accepted: a whole number"),
        ({"limit": True}, "`limit` is true or false (True). Accepted: a whole number"),
        ({"active": "yes"}, "`active` is text (yes). Accepted: true or false"),
        ({"state": None}, "`state` is null; leave it out instead. Accepted: text of 1 to 100"),
        ({"state": ["New"]}, "`state` is a list. Accepted: text"),
        ({"state": {"value": "New"}}, "`state` is an object. Accepted: text"),
        ({"state": ""}, "`state` has 0 characters. Accepted: text of 1 to 100 characters"),
        ({"text": "x" * 201}, "`text` has 201 characters. Accepted: text of 2 to 200 characters"),
        ({"order_by": "up dated"}, "`order_by` is 'up dated'. Accepted: text"),
        ({"colour": "red"}, "`colour` is not an argument here. Accepted: text, state,"),
        ({"user": "beth"}, "`user` is not an argument: who is acting is always the signed-in"),
        ({"text": "a\x00b"}, "`text` holds a character that is not text. Accepted: Unicode text."),
        ({"text": "a\ud800b"}, "`text` holds a character that is not text."),
        ({"text": "   "}, "`text` is blank. Accepted: text with at least one letter or sign."),
        ({"text": "\u200b\u2003\x01"}, "`text` is blank."),
        ({"a\ud800b": "x"}, "`a?b` holds a character that is not text."),
    ],
)
def test_a_wrong_argument_of_a_search_is_named_with_what_is_accepted(
    arguments: dict[str, Any], complaint: str
) -> None:
    assert problem("search_incidents", **arguments).startswith(complaint)


def test_a_missing_argument_is_named_with_what_it_is_for() -> None:
    assert problem("get_incident") == (
        "`incident` is missing. Accepted: text of 3 to 1000 characters; Number (INC0010001), "
        "sys_id or link of the incident."
    )


def test_a_wrong_choice_of_a_fixed_list_is_named_with_the_list() -> None:
    assert problem("get_journal", record="INC0010001", kind="note") == (
        "`kind` is 'note'. Accepted: one of work_note, comment, approval."
    )


def test_problems_inside_an_object_are_named_by_their_path() -> None:
    new = {"short_description": "x"}
    assert problem("create_incident", **new, other_fields={"a": 1}).startswith(
        "`other_fields.a` is a number (1). Accepted: text of 0 to 10000 characters."
    )
    many = {f"f{n}": "x" for n in range(31)}
    assert problem("create_incident", **new, other_fields=many).startswith(
        "`other_fields` has 31 entries. Accepted: an object of 0 to 30 entries"
    )
    assert problem("create_incident", **new, other_fields={"a": "b\x00"}).startswith(
        "`other_fields.a` holds a character"
    )
    assert problem("search_incidents", text=["ok", "\ud800"]).startswith("`text[1]` holds a char")


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(InvalidArguments) as refused:
        CATALOG["resolve_incident"].validate({"incident": 5, "who": "x"})
    assert {one.argument for one in refused.value.arguments} == {
        "incident",
        "close_code",
        "close_notes",
        "who",
    }


def test_a_flood_of_wrong_arguments_is_answered_with_twenty() -> None:
    with pytest.raises(InvalidArguments) as refused:
        CATALOG["get_my_profile"].validate({f"wrong_{n}": n for n in range(500)})
    assert len(refused.value.arguments) == 20


def test_what_the_model_sent_is_repeated_cleaned_and_short() -> None:
    text = problem("search_incidents", limit="\u202e" + "x" * 500)
    assert "\u202e" not in text
    assert len(text) < 200


def test_a_whole_number_may_be_written_with_a_point() -> None:
    taken = CATALOG["search_incidents"].validate({"limit": 10.0})["limit"]
    assert (taken, type(taken)) == (10, int)


def test_lists_and_bare_types_are_put_in_words() -> None:
    assert accepted({"type": "array", "maxItems": 3}) == "a list of 0 to 3 entries"
    assert accepted({"type": "boolean"}) == "true or false"
