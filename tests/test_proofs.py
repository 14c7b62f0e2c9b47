"""How the long proofs are found, and how their numbers are shown."""

from importlib import import_module
from pathlib import Path

import pytest

from proofs.__main__ import main, names
from proofs.breaking import make
from proofs.breaks import BREAKS, Break
from proofs.kept import PAGE, Number, kept, page
from proofs.running import ROOT


def number(**changes: object) -> Number:
    facts: dict[str, object] = {
        "proof": "calls_killed",
        "goal": "G1",
        "what": "calls | lost",
        "promised": "0",
        "reached": "0",
        "holds": True,
        "seconds": 9,
        "machine": "Linux, 2 cores",
        "date": "2026-11-20",
    }
    return Number(**(facts | changes))  # type: ignore[arg-type]  # each fits its field


def test_every_proof_is_found_without_importing_it_and_is_one() -> None:
    found = names()
    assert {"calls_killed", "key_rotation"} <= set(found)
    assert "measured" not in found
    assert callable(import_module("proofs.envelopes").prove)


def test_an_unknown_proof_runs_nothing() -> None:
    assert main(["short", "no_such_proof"]) == 2


def test_the_page_has_a_table_for_each_goal_and_shows_what_is_broken() -> None:
    shown = page([number(), number(what="others", holds=False), number(goal="G2", proof="away")])
    assert shown.count("## G1: A crash during a call") == 1
    assert "| calls \\| lost | 0 | 0 | yes | Linux, 2 cores | 2026-11-20 |" in shown
    assert "| others | 0 | 0 | **no** |" in shown
    assert "By `away`." in shown


def test_every_proof_has_a_break_of_the_product_that_can_be_made() -> None:
    assert {each.proof for each in BREAKS} == set(names())
    for each in BREAKS:
        assert not each.file.startswith("proofs/")
        assert (ROOT / each.file).read_text(encoding="utf-8").count(each.old) == 1, each.what
        assert each.old != each.new


def test_a_break_of_a_text_that_is_not_there_or_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "product.py"
    for text in ("", "old old"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="stands"):
            make(Break("any", "any", file.name, "old", "new"), root=tmp_path)
        assert file.read_text(encoding="utf-8") == text


def test_the_page_is_what_the_kept_numbers_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(kept())
