"""Record text reaches the model as a person would see it, and no longer than it may be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools_app.cleaning import clean, clean_line


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("Printer\x00 4\x07", "Printer 4"),
        ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg", "abcdefg"),
        ("\u202eevil\u202c \u2066isolated\u2069 \u200fmark", "evil isolated mark"),
        ("seen\U000e0041\U000e0042\U000e007f", "seen"),
        ("smuggled\ufe01\U000e0100", "smuggled"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07", "red link"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("private \ue000use", "private use"),
        ("heart ❤\ufe0f stays", "heart ❤\ufe0f stays"),
        ("Grüße, 東京, مرحبا", "Grüße, 東京, مرحبا"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_what_a_person_would_not_see_is_removed(raw: str, seen: str) -> None:
    assert clean(raw, most=500) == seen


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("<p>Hello <b>Abel</b></p><p>Bye</p>", "Hello Abel\n\nBye"),
        ("[code]<ul><li>one</li><li>two</li></ul>[/code]", "one\n\ntwo"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
        ("<p style='display:none'>x</p>&lt;3 &amp; more", "x\n<3 & more"),
        ("hidden &#8203;<i>zero width</i>", "hidden zero width"),
        ("a <!-- secret --> b", "a  b"),
        ("mail <abel.tuter@example.com> <b>now</b>", "mail <abel.tuter@example.com> now"),
        ("</style>ok<p>", "ok"),
    ],
)
def test_html_becomes_text(raw: str, seen: str) -> None:
    assert clean(raw, most=500) == seen


@pytest.mark.parametrize(
    "text",
    ["a < b and b > c", "<abel.tuter@example.com>", "x <- y", "List<String>", "&amp; as typed"],
)
def test_text_that_is_no_html_stays_as_it_is(text: str) -> None:
    assert clean(text, most=500) == text


def test_long_text_is_cut_and_says_how_much_is_missing() -> None:
    cut = clean("x" * 1_000, most=100)
    assert len(cut) == 100
    assert cut.endswith("… (900 more characters)")
    assert clean("x" * 100, most=100) == "x" * 100


def test_a_line_is_one_line() -> None:
    assert clean_line("Abel\n\tTuter<br>Mr\u2028") == "Abel Tuter Mr"


@given(st.text())
def test_nothing_invisible_is_left_in_any_text(text: str) -> None:
    seen = clean(text, most=10_000)
    for letter in seen:
        if letter in "\t\n":
            continue
        assert unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"}, hex(ord(letter))


@given(st.text(), st.integers(min_value=40, max_value=200))
def test_cleaned_text_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    assert len(clean(text, most=most)) <= most
    assert "\n" not in clean_line(text, most=most)


@pytest.mark.parametrize("category", ["Cc", "Cf"])
def test_every_control_and_format_character_of_unicode_is_known(category: str) -> None:
    left = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) == category
        and clean(f"a{chr(code)}b", most=9) not in {"ab", "a\nb", "a\tb"}
    ]
    assert left == []
