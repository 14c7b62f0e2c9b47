"""The operators of encoded queries, one by one: what each compares, and how it is written."""

import pytest

from simulator.data.dictionary_rows import ME
from simulator.instance import Instance
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, FIRST, OFFICE, SECOND, small_instance

FILTERS = "D r_OpAvailableFiltersQueries"
ENCODED = "D c_EncodedQueryStrings"
EVERYTHING = "12345"


@pytest.fixture(scope="module")
def instance() -> Instance:
    """An instance in which nobody knows whether the second incident is active."""
    made = small_instance()
    made.store.write('UPDATE "task" SET "active" = \'\' WHERE "sys_id" = ?', (SECOND,))
    return made


def found(instance: Instance, encoded: str) -> str:
    """The last digits of the incidents that match, for Beth."""
    rows = instance.query("incident", encoded, as_user=BETH)
    return "".join(row["number"][-1] for row in rows)


@fact("!= finds records whose field is empty, too", tag=FILTERS)
def test_what_is_empty_is_not_equal(instance: Instance) -> None:
    assert found(instance, "category!=hardware") == "2345"
    assert found(instance, f"assigned_to!={ABEL}") == EVERYTHING


@fact("A boolean that is not true is false or empty", tag=FILTERS)
def test_an_empty_boolean_is_not_true(instance: Instance) -> None:
    assert found(instance, "active!=true") == "25"


@fact("Numbers compare by size, texts by their characters", tag=FILTERS)
def test_texts_are_compared_by_their_characters(instance: Instance) -> None:
    assert found(instance, "reopen_count>9") == "3"
    assert found(instance, "number>INC0000003") == "45"
    assert found(instance, "category>hardware") == "234"


@pytest.mark.parametrize(
    ("long", "short", "expected"),
    [
        ("short_descriptionENDSWITHfire", "short_description%fire", "1"),
        ("short_descriptionLIKEis", "short_description*is", "34"),
        ("short_descriptionNOT LIKEis", "short_description!*is", "125"),
    ],
)
@fact("ENDSWITH may be written %, LIKE * and NOT LIKE !*", tag=FILTERS)
def test_three_operators_have_signs(
    instance: Instance, long: str, short: str, expected: str
) -> None:
    assert found(instance, long) == found(instance, short) == expected


@fact("On a reference STARTSWITH, ENDSWITH and LIKE compare its display value", tag=FILTERS)
def test_references_are_compared_by_what_is_shown(instance: Instance) -> None:
    assert found(instance, "caller_idSTARTSWITHabel") == "14"
    assert found(instance, "caller_idENDSWITHtuter") == "14"
    assert found(instance, "caller_idLIKEbel tut") == "14"
    assert found(instance, "caller_id=Abel Tuter") == ""


@fact("CONTAINS is taken for LIKE in an encoded query", tag="C PySNC")
def test_contains_is_like(instance: Instance) -> None:
    assert found(instance, "short_descriptionCONTAINSis") == "34"


@fact("DOES NOT CONTAIN is no operator of encoded queries: the condition is dropped", tag="R")
def test_does_not_contain_is_for_scripts_only(instance: Instance) -> None:
    assert found(instance, "short_descriptionDOES NOT CONTAINis") == EVERYTHING


@fact("IN and NOT IN take values between commas, in which spaces count", tag=FILTERS)
def test_spaces_in_a_list_count(instance: Instance) -> None:
    assert found(instance, "short_descriptionINMail is slow,Old") == "45"
    assert found(instance, "categoryINhardware, network") == "1"
    assert found(instance, "categoryNOT INhardware,network") == "45"


@fact("ISEMPTY, ISNOTEMPTY, EMPTYSTRING and ANYTHING take no value", tag=FILTERS)
def test_four_operators_take_no_value(instance: Instance) -> None:
    assert found(instance, "caller_idISEMPTY") == "5"
    assert found(instance, "caller_idISNOTEMPTY^state=1") == "1"
    assert found(instance, "categoryEMPTYSTRING") == "5"
    assert found(instance, "categoryANYTHING") == EVERYTHING


@fact("BETWEEN takes two values with @ between them, and includes both", tag=FILTERS)
def test_between_includes_its_ends(instance: Instance) -> None:
    assert found(instance, "priorityBETWEEN1@3") == "12"
    ends = "2026-11-19 08:00:00@2026-11-20 08:30:00"
    assert found(instance, f"opened_atBETWEEN{ends}") == "12"


@fact("SAMEAS and NSAMEAS compare two fields, times to the day, hour or month named", tag=FILTERS)
def test_two_fields_may_be_the_same_to_the_day(instance: Instance) -> None:
    assert found(instance, "sla_dueSAMEASactivity_due@day") == "1"
    assert found(instance, "sla_dueSAMEASactivity_due@hour") == ""
    assert found(instance, "stateNSAMEASincident_state") == "2345"


@fact("GT_FIELD and its kin compare two numeric fields", tag=FILTERS)
def test_a_number_is_compared_with_another_field(instance: Instance) -> None:
    assert found(instance, "reopen_countGT_FIELDreassignment_count") == "3"
    assert found(instance, "reopen_countLT_OR_EQUALS_FIELDreassignment_count") == "1245"


@fact("ON takes a label, a beginning and an end, of which the label does not count", tag=FILTERS)
def test_the_label_of_on_does_not_count(instance: Instance) -> None:
    yesterday = "javascript:gs.daysAgoStart(1)@javascript:gs.daysAgoEnd(1)"
    for label in ("Yesterday", "Whenever"):
        assert found(instance, f"opened_atON{label}@{yesterday}") == "1"
        assert found(instance, f"opened_atNOTON{label}@{yesterday}") == "2345"


@fact("DATEPART compares a part of a moment, such as the day of the week", tag=FILTERS)
def test_a_part_of_a_moment_is_compared(instance: Instance) -> None:
    for operator, expected in (("EE", "2"), ("GE", "2"), ("LT", "134")):
        script = f"javascript:gs.datePart('dayofweek','friday','{operator}')"
        assert found(instance, f"opened_atDATEPARTFriday@{script}") == expected


@fact("MORETHAN and LESSTHAN say how far a moment is before or after another field", tag=FILTERS)
def test_a_distance_between_two_moments_is_compared(instance: Instance) -> None:
    assert found(instance, "sla_dueMORETHANactivity_due@day@before@1") == "2"
    assert found(instance, "sla_dueLESSTHANactivity_due@day@before@1") == "1"


@fact("DYNAMIC with 90d1921e5f510100a9ad2572f2b477fe is whoever asks", tag="D dynamic filters")
def test_the_dynamic_filter_me_is_whoever_asks(instance: Instance) -> None:
    assert ME == "90d1921e5f510100a9ad2572f2b477fe"
    assert found(instance, f"assigned_toDYNAMIC{ME}") == "2"


@fact("IN_HIERARCHY finds a record and all below it", tag=FILTERS)
def test_a_hierarchy_is_searched_downwards(instance: Instance) -> None:
    hierarchy = f"sys_user_group/parent@{OFFICE}"
    assert found(instance, f"assignment_groupIN_HIERARCHY{hierarchy}") == "123"


@fact("INSTANCEOF finds a class and those that extend it", tag="R")
def test_a_class_includes_those_that_extend_it(instance: Instance) -> None:
    assert found(instance, "sys_class_nameINSTANCEOFtask") == EVERYTHING
    assert found(instance, "sys_class_name=task") == ""


@pytest.mark.parametrize("condition", ["stateVALCHANGES", "stateCHANGESFROM1", "stateCHANGESTO2"])
@fact("VALCHANGES, CHANGESFROM and CHANGESTO are for conditions of rules, not queries", tag=FILTERS)
def test_changes_cannot_be_queried(instance: Instance, condition: str) -> None:
    assert found(instance, condition) == EVERYTHING


@fact("A JOIN without its exclamation mark is none", tag="C PySNC")
def test_a_join_ends_with_an_exclamation_mark(instance: Instance) -> None:
    join = "JOINincident.caller_id=sys_user.sys_id"
    assert found(instance, f"{join}!user_name=abel.tuter") == "14"
    assert found(instance, join) == EVERYTHING


@fact("RLQUERY counts the records of a related list", tag="C PySNC")
def test_a_related_list_is_counted(instance: Instance) -> None:
    assert found(instance, "RLQUERYincident.parent,>=1^ENDRLQUERY") == "1"
    assert found(instance, "RLQUERYincident.parent,=0^ENDRLQUERY") == "2345"


@fact("123TEXTQUERY321 searches every text of a record, its journal too", tag="C PySNC")
def test_texts_are_searched(instance: Instance) -> None:
    assert found(instance, "123TEXTQUERY321=printer") == "1"
    assert found(instance, "123TEXTQUERY321=water") == "1"


@fact("Operators are written in capital letters", tag=ENCODED)
def test_operators_in_small_letters_are_none(instance: Instance) -> None:
    assert found(instance, "caller_idisempty") == EVERYTHING
    assert found(instance, "short_descriptionlikefire") == EVERYTHING


@fact("A backslash before a caret escapes nothing", tag="D GlideStringUtil")
def test_a_backslash_escapes_nothing(instance: Instance) -> None:
    assert found(instance, "short_description=x\\^ORstate=7") == "5"
    assert found(instance, "short_descriptionLIKEa^^b") == "3"


@fact("A query ends with its order: ORDERBY, ORDERBYDESC, GROUPBY, and perhaps ^EQ", tag=ENCODED)
def test_the_end_of_a_query_is_no_condition(instance: Instance) -> None:
    assert found(instance, "stateIN1,2^ORDERBYDESCnumber^EQ") == "21"
    assert found(instance, "stateIN1,2^ORDERBYnumber^GROUPBYstate^EQ") == "12"


@fact("A caret before the first condition is no harm", tag="R")
def test_a_query_may_begin_with_a_caret(instance: Instance) -> None:
    assert found(instance, f"^sys_id={FIRST}") == "1"
