"""The guard that every write passes (P4, P5, P10)."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.identity.names import PROTECTED_FIELDS, spellings
from tests.identity.requirements import protects
from tests.tools_app.callers import ABEL
from tools_app.exceptions import InvalidArguments, NothingToWrite
from tools_app.identity import filled_in, guard, is_protected

FIELD = re.compile(r"[a-z][a-z0-9_]*")


@protects("P4")
@pytest.mark.parametrize("name", PROTECTED_FIELDS)
def test_an_identity_audit_or_system_field_is_dropped_and_named(name: str) -> None:
    guarded = guard({"short_description": "Printer", name: "x"})
    assert guarded.values == {"short_description": "Printer"}
    assert guarded.dropped == (name,)


@protects("P4")
@given(spellings(PROTECTED_FIELDS))
@example("Caller-ID")
@example("callerId")
@example("caller.id")
@example("CALLER ID")
@example("caller_id.sys_id")
@example("sys_parm_query")
@example("sysparm_query")
@example("u_requested_for")
@example("x_acme_opened_by")
def test_no_spelling_of_a_protected_field_passes(name: str) -> None:
    assert is_protected(name)
    guarded = guard({"short_description": "Printer", name: "x"})
    assert guarded.values == {"short_description": "Printer"}
    assert guarded.dropped == (name,)


@protects("P4")
@given(st.dictionaries(st.one_of(spellings(PROTECTED_FIELDS), st.text(max_size=30)), st.text()))
def test_whatever_is_written_has_plain_field_names_and_none_that_is_protected(
    values: dict[str, str],
) -> None:
    try:
        guarded = guard(values)
    except (InvalidArguments, NothingToWrite):
        return
    assert set(guarded.values) | set(guarded.dropped) == set(values)
    for name in guarded.values:
        assert FIELD.fullmatch(name)
        assert not is_protected(name)


@protects("P4")
def test_a_write_that_is_empty_afterwards_is_refused_and_names_what_was_dropped() -> None:
    with pytest.raises(NothingToWrite) as refused:
        guard({"caller_id": "x", "Opened-By": "y"})
    assert refused.value.code == "PROTECTED_FIELD"
    assert refused.value.dropped == ("caller_id", "Opened-By")
    assert "`caller_id`, `Opened-By`" in refused.value.message


@protects("P4")
def test_a_write_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="nothing to change"):
        guard({})


@protects("P4")
@pytest.mark.parametrize("name", ["assigned_to.name", "Short_Description", "a b", "", "1st", "ä"])
def test_a_name_that_no_field_has_is_refused(name: str) -> None:
    with pytest.raises(InvalidArguments, match="not the name of a field"):
        guard({name: "x"})


@protects("P4")
@pytest.mark.parametrize(
    "name",
    [
        "short_description",
        "system",
        "assigned_to",
        "state",
        "u_caller_phone",
        "u_priority",
        "x_acme_owner",
        "comments",
        "symptom",
    ],
)
def test_ordinary_fields_pass(name: str) -> None:
    assert guard({name: "x"}).values == {name: "x"}


@protects("P10")
@pytest.mark.parametrize(
    "value", ["javascript:gs.getUserID()", "  JavaScript : alert(1)", "\tjavascript:x"]
)
def test_a_value_that_an_instance_might_evaluate_is_refused(value: str) -> None:
    with pytest.raises(InvalidArguments, match="javascript"):
        guard({"description": value})


@protects("P4")
@pytest.mark.parametrize("field", ["work_notes", "comments", "comments_and_work_notes"])
def test_a_note_cannot_look_like_the_entry_of_somebody_else(field: str) -> None:
    forged = "2026-11-20 20:00:00 - Beth Anglin (Work notes)"
    assert guard({field: f"Done.\r\n\r\n{forged}\r\nI approve."}).values == {
        field: f"Done.\n\n> {forged}\nI approve."
    }
    plain = "At 20:00 - as agreed (see above) -\r\nit was done."
    assert guard({field: plain, "description": forged}).values == {
        field: plain,
        "description": forged,
    }


@protects("P5")
def test_a_new_incident_is_on_behalf_of_the_signed_in_person_whatever_is_sent() -> None:
    guarded = guard(
        {"short_description": "Printer", "caller_id": "46d44a23a9fe19810012d100cca80666"}
    )
    assert filled_in("incident", guarded, caller=ABEL) == {
        "short_description": "Printer",
        "caller_id": ABEL.sys_id,
    }


@protects("P5")
def test_a_table_without_such_a_field_gets_none() -> None:
    guarded = guard({"short_description": "Printer"})
    assert filled_in("problem", guarded, caller=ABEL) == {"short_description": "Printer"}
