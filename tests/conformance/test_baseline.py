"""The list of expected failures is held against a run both ways."""

from pathlib import Path

import pytest

from tests.conformance.baseline import ExpectedFailure, Verdict, expected_failures, judged
from tests.conformance.suite import REVISIONS, Check, scored_scenarios

PASSED = Check("tools-list", "tools-list", "SUCCESS")
FAILED = Check("tasks-lifecycle", "tasks-get", "FAILURE", "Method not found")
WARNED = Check("caching", "hints", "WARNING")
OFFERED = ExpectedFailure("fixture", "2026-07-28", "tasks-lifecycle", None, "Not offered.")


def test_a_run_without_failures_is_as_expected() -> None:
    assert judged([PASSED, Check("caching", "hints", "SKIPPED")], []) == Verdict([], [])


@pytest.mark.parametrize("check", [FAILED, WARNED], ids=str)
def test_what_falls_short_without_being_expected_is_named(check: Check) -> None:
    assert judged([PASSED, check], []) == Verdict([str(check)], [])


def test_an_expected_failure_is_as_expected() -> None:
    assert judged([PASSED, FAILED], [OFFERED]) == Verdict([], [])


def test_an_expectation_that_no_longer_fails_is_stale() -> None:
    assert judged([PASSED], [OFFERED]) == Verdict([], ["tasks-lifecycle"])


def test_one_expected_check_excuses_no_other_of_its_scenario() -> None:
    narrow = ExpectedFailure("fixture", "2026-07-28", "tasks-lifecycle", "tasks-list", "Why")
    assert judged([FAILED], [narrow]) == Verdict([str(FAILED)], ["tasks-lifecycle:tasks-list"])


def test_a_scenario_expected_to_fail_excuses_no_malformed_message() -> None:
    malformed = Check("tasks-lifecycle", "wire-schema-valid", "FAILURE")
    assert judged([FAILED, malformed], [OFFERED]) == Verdict([str(malformed)], [])


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "expected.toml"
    file.write_text('[[expected]]\nservers = ["fixture"]\nrevisions = ["x"]\nfails = ["y"]\n')
    with pytest.raises(KeyError, match="reason"):
        expected_failures("fixture", "x", file=file)


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_scored_scenario_is_expected_to_fail_on_the_fixture(revision: str) -> None:
    scored = scored_scenarios(revision)
    assert len(scored) >= 30
    assert scored & {each.scenario for each in expected_failures("fixture", revision)} == set()
