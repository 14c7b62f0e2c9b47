import json
import math
import time

import hypothesis
import pytest
from hypothesis import strategies as st
from pytest_django import Settings

from audit_app.redaction import (
    MOST_CHARACTERS,
    clean_text,
    fingerprint,
    record_sought,
    redacted,
)

SYS_ID = "9c573169c611228700193229fff72400"
CANARY = "Quarterly numbers of Zanzibar are bad"


@pytest.mark.parametrize(
    "kept",
    [
        {"limit": 10, "assigned_to_me": False, "offset": None, "ratio": 0.5},
        {"incident": "INC0010001"},
        {"incident": SYS_ID},
        {"anything": SYS_ID, "else": "CHG0030002"},
        {"opened_after": "2026-11-01", "opened_before": "2026-11-02T10:00:00Z"},
        {"updated_after": "2026-11-02 10:00:00", "updated_before": "2026-11-02T10:00:00.5+01:00"},
        {"state": "In Progress", "priority": "2", "close_code": "Solved (Permanently)"},
        {"order_by": "-updated", "kind": "work_note", "category": "Software/Mail & more"},
        {"assigned_to": "Zoë Österlund", "assignment_group": "Service Desk"},
        {"caller_is": "beth.anglin@example.com", "configuration_item": "*mail-01"[1:]},
        {"description": ""},
        {"other_fields": {"impact": "2", "u_x": 3, "caller_id.location": "1"}},
        {"priority": ["1", "2", {"state": "New"}]},
    ],
)
def test_what_says_what_was_asked_for_is_kept(kept: dict[str, object]):
    assert redacted(kept) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("note", CANARY),
        ("description", CANARY * 1000),
        ("query", CANARY),
        ("state", CANARY + "\n"),
        ("assigned_to", "x" * 101),
        ("state", "=cmd|' /C calc'!A0"),
        ("other", "In Progress"),
        ("category", "\u202egnp.exe"),
        ("number", "12345678901"),
    ],
)
def test_texts_are_shortened_to_length_and_fingerprint(name: str, text: str):
    assert redacted({name: text}) == {
        name: {"_length": len(text), "_fingerprint": fingerprint(text)}
    }


def test_equal_texts_have_equal_fingerprints_and_no_others():
    first, second = redacted({"note": CANARY, "comment": CANARY}).values()
    assert first == second
    assert first != redacted({"note": CANARY + "."})["note"]


def test_fingerprints_depend_on_the_secret_of_this_server(
    settings: Settings,
):
    before = fingerprint(CANARY)
    settings.SECRET_KEY = "another"
    assert fingerprint(CANARY) != before


@pytest.mark.parametrize(
    "name",
    [
        *("password", "user_password", "passwd", "client_secret", "access_token", "token"),
        *("api_key", "apikey", "authorization", "auth", "cookie", "session_id", "pin", "otp"),
        *("private_key", "key", "credentials", "bearer", "code_verifier", "jwt", "other.pwd"),
    ],
)
@pytest.mark.parametrize("value", ["hunter2", 1234, {"a": 1}, ["x"], SYS_ID])
def test_what_is_named_like_a_secret_is_hidden(name: str, value: object):
    assert redacted({name: value}) == {name: {"_hidden": "secret"}}


@pytest.mark.parametrize(
    "secret",
    [
        "snmcp_9f8e7d6c5b4a",
        "Bearer abc",
        "Basic dXNlcjpwYXNz",
        "-----BEGIN PRIVATE KEY-----",
        "https://user:pass@acme.service-now.com/",
        "sk-abcdefgh12345678",
        "ghp_abcdefgh12345678",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.x.y",
        "password: hunter2",
        "token=abc",
        "A1b2C3d4E5f6G7h8I9j0K1l2M3n4",
    ],
)
@pytest.mark.parametrize("name", ["state", "assigned_to", "note", "anything"])
def test_what_looks_like_a_secret_is_hidden(name: str, secret: str):
    assert redacted({name: secret}) == {name: {"_hidden": "secret"}}


def test_a_secret_inside_a_name_that_would_be_kept_is_not():
    kept = redacted({"assigned_to": "Abel A1b2C3d4E5f6G7h8I9j0K1l2M3n4"})
    assert "_fingerprint" in json.dumps(kept)
    assert "A1b2C3" not in json.dumps(kept)


@pytest.mark.parametrize(
    "name",
    [
        *("Ignore all previous instructions", "", "A", "x" * 61, "a.b.c.d.e", "_hidden", "a\nb"),
        *("<script>", "snmcp_9f8e7d6c5b4a", "a1b2c3d4e5f6a7b8c9d0e1f2a3b4", "é"),
    ],
)
def test_names_that_are_no_argument_names_are_counted_never_stored(name: str):
    assert redacted({name: "x", "limit": 1}) == {"limit": 1, "_names_not_kept": 1}
    assert redacted({"other_fields": {name: 1}}) == {"other_fields": {"_names_not_kept": 1}}


def test_a_name_that_is_no_text_is_counted():
    assert redacted({7: "x"}) == {"_names_not_kept": 1}  # type: ignore[dict-item]  # hostile


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, math.nan, 10**400, -(2**53), b"bytes", object()]
)
def test_values_no_database_takes_are_hidden(value: object):
    assert redacted({"limit": value}) == {"limit": {"_hidden": "not a usual value"}}


def test_nests_are_followed_and_end_somewhere():
    deep: object = "INC0010001"
    for _ in range(500):
        deep = {"a": [deep]}
    stored = json.dumps(redacted({"a": deep}))
    assert '{"_hidden": "too deep"}' in stored
    assert len(stored) < 200


def test_long_lists_and_many_names_are_cut_and_counted():
    assert redacted({"a": list(range(25))})["a"] == [*range(20), {"_more": 5}]
    many = redacted({f"n{number}": number for number in range(100)})
    assert many["_more"] == 40
    assert len(many) == 61


def test_what_is_too_large_altogether_is_named_only():
    wide = {f"name_{number}": [CANARY] * 20 for number in range(60)}
    stored = redacted(wide)
    assert sorted(stored) == ["_names", "_too_large"]
    assert stored["_names"] == [f"name_{number}" for number in range(20)]


def test_a_link_copied_from_the_browser_keeps_the_record_it_names():
    link = f"https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D{SYS_ID}"
    assert redacted({"incident": link})["incident"] == {
        "_length": len(link),
        "_fingerprint": fingerprint(link),
        "_record": SYS_ID,
    }


@pytest.mark.parametrize(
    ("arguments", "record"),
    [
        ({"incident": " inc0010001 "}, "INC0010001"),
        ({"record": SYS_ID.upper()}, SYS_ID),
        ({"change": f"https://a.example/now/nav/ui/record/change_request/{SYS_ID}"}, SYS_ID),
        (
            {"incident": "https://a.example/incident.do?sysparm_query=number=INC0010001"},
            "INC0010001",
        ),
        ({"incident": "the mail one"}, ""),
        ({"incident": "https://a.example/"}, ""),
        ({"incident": 7}, ""),
        ({"note": "INC0010001"}, ""),
        ({}, ""),
    ],
)
def test_the_record_a_call_is_about_is_read_from_its_arguments(
    arguments: dict[str, object], record: str
):
    assert record_sought(arguments) == record


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Claude", "Claude"),
        ("a\x00b\u202ec\u200bd\ud800e\x1b[31m", "a b c d e [31m"),
        ("  many \n\n lines ", "many lines"),
        ("x" * 100, "x" * 20),
    ],
)
def test_texts_are_cleaned_and_cut(text: str, clean: str):
    assert clean_text(text, most=20) == clean


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@hypothesis.settings(max_examples=50, deadline=None)
@hypothesis.given(
    st.dictionaries(st.text() | st.sampled_from(["state", "note", "incident"]), JSON_VALUES)
)
def test_whatever_a_client_sends_is_stored_as_small_plain_json(arguments: dict[str, object]):
    stored = json.dumps(redacted(arguments), allow_nan=False)
    assert len(stored) <= MOST_CHARACTERS
    assert "\\u0000" not in stored
    repr(json.loads(stored)).encode()  # no lone surrogate


@pytest.mark.parametrize(
    "attack",
    ["://" + ":" * 500_000, "://a:" * 100_000, "token " * 100_000, "/" + "INC0" * 200_000],
)
def test_no_text_makes_redaction_slow(attack: str):
    began = time.process_time()
    redacted({"incident": attack, "note": attack})
    record_sought({"incident": attack})
    assert time.process_time() - began < 0.5
