"""The encoded query language, evaluated over a few incidents."""

import pytest

from simulator.data.dictionary_rows import ME, MY_GROUPS
from simulator.instance import Instance
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import BETH, FIRST, MAIL, NETWORK, OFFICE, small_instance

EVERYTHING = "12345"


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Nobody writes here: one for all tests of the module."""
    return small_instance()


def found(instance: Instance, encoded: str) -> str:
    """The last digits of the incidents that match, for Beth."""
    rows = instance.query("incident", encoded, as_user=BETH)
    return "".join(row["number"][-1] for row in rows)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("", EVERYTHING),
        ("state=2", "2"),
        ("state!=2", "1345"),
        ("state=2^ORstate=3", "23"),
        ("active=true^state=2^ORstate=7", "2"),
        ("active=true^state=2^NQstate=7", "25"),
        ("priority=", "5"),
        ("priority!=", "1234"),
        ("priority!=1", "2345"),
        ("priority>3", "34"),
        ("priority>=3", "234"),
        ("priority<3", "1"),
        ("priority<=3", "12"),
        ("reopen_count>9", "3"),
        ("active=1", "1234"),
        ("active=FALSE", "5"),
        ("active!=true", "5"),
        ("number=inc0000001", "1"),
        ("category=network", "23"),
        ("category!=network", "145"),
        ("categoryINnetwork,hardware", "123"),
        ("categoryIN,network", "235"),
        ("categoryNOT INnetwork,hardware", "45"),
        ("categoryNOT IN,network", "14"),
        ("priorityIN1,3", "12"),
        ("priorityNOT IN1,3", "345"),
        ("short_descriptionSTARTSWITHmail", "4"),
        ("short_descriptionENDSWITHfire", "1"),
        ("short_description%fire", "1"),
        ("short_descriptionLIKEis", "34"),
        ("short_description*is", "34"),
        ("short_descriptionCONTAINSis", "34"),
        ("short_descriptionNOT LIKEis", "125"),
        ("short_description!*is", "125"),
        ("short_descriptionLIKE%", "3"),
        ("short_descriptionLIKEb_c", "3"),
        ("short_descriptionLIKEc\\d", "3"),
        ("short_descriptionLIKEa^^b", "3"),
        ("short_descriptionLIKE", EVERYTHING),
        ("priorityLIKE", EVERYTHING),
        ("caller_idISEMPTY", "5"),
        ("caller_idISNOTEMPTY", "1234"),
        ("priorityISEMPTY", "5"),
        ("categoryEMPTYSTRING", "5"),
        ("categoryANYTHING", EVERYTHING),
        ("priorityBETWEEN3@5", "234"),
        ("opened_atBETWEEN2026-11-01@2026-11-19 23:00:00", "1"),
        ("opened_at>2026-11-19", "12"),
        ("opened_at<2026-11-19 08:00:00", "34"),
        ("sys_tagsDOESNOTHAVEx", EVERYTHING),
        ("sys_tagsEXCLUDINGx", EVERYTHING),
    ],
)
def test_plain_conditions_match(instance: Instance, encoded: str, expected: str) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("caller_id.name=Abel Tuter", "14"),
        ("caller_id.name!=Abel Tuter", "235"),
        ("caller_id.nameISEMPTY", "5"),
        ("caller_id.manager.name=Abel Tuter", "3"),
        ("caller_id.manager.name!=Abel Tuter", "1245"),
        ("caller_id.department.nameISNOTEMPTY", "3"),
        ("caller_idSTARTSWITHabel", "14"),
        ("caller_idLIKEanglin", "3"),
        ("caller_idNOT LIKEanglin", "1245"),
        ("caller_id.departmentLIKEsal", "3"),
        (f"assignment_group.parent={OFFICE}", "12"),
        ("parent.number=INC0000001", "4"),
        ("cmdb_ci.sys_class_name=cmdb_ci_server", "1"),
    ],
)
@fact("A condition may walk through references", tag="D c_EncodedQueryStrings")
def test_conditions_walk_through_references(
    instance: Instance, encoded: str, expected: str
) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("commentsLIKEburn", "1"),
        ("commentsNOT LIKEburn", "2345"),
        ("commentsISNOTEMPTY", "1"),
        ("work_notesISEMPTY", "2345"),
        ("comments_and_work_notesLIKEwater", "1"),
        ("comments=Still burning", "1"),
    ],
)
def test_conditions_on_journals_are_about_their_entries(
    instance: Instance, encoded: str, expected: str
) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("stateSAMEASincident_state", "1"),
        ("stateNSAMEASincident_state", "2345"),
        ("sla_dueSAMEASactivity_due@day", "1"),
        ("sla_dueNSAMEASactivity_due@day", "2345"),
        ("sla_dueSAMEASactivity_due@hour", ""),
        ("sla_dueSAMEASactivity_due@week", "12"),
        ("sla_dueSAMEASactivity_due@quarter", "12"),
        ("opened_by.sys_idSAMEAScaller_id.sys_id", "134"),
        ("reopen_countGT_FIELDreassignment_count", "3"),
        ("reopen_countLT_FIELDpriority", "124"),
        ("reopen_countGT_OR_EQUALS_FIELDreassignment_count", EVERYTHING),
        ("reopen_countLT_OR_EQUALS_FIELDreassignment_count", "1245"),
        ("sla_dueMORETHANactivity_due@day@before@1", "2"),
        ("sla_dueLESSTHANactivity_due@day@before@1", "1"),
        ("activity_dueMORETHANsla_due@hour@after@10", "12"),
        ("activity_dueMORETHANsla_due@month@after@1", ""),
    ],
)
def test_fields_are_compared_with_fields(instance: Instance, encoded: str, expected: str) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)", "2"),
        ("opened_atONYesterday@javascript:gs.daysAgoStart(1)@javascript:gs.daysAgoEnd(1)", "1"),
        ("opened_atON2026-11-19", "1"),
        ("opened_atNOTON2026-11-19", "2345"),
        ("opened_atRELATIVEGT@hour@ago@1", "2"),
        ("opened_atRELATIVELT@month@ago@1", "34"),
        ("opened_atRELATIVEGE@year@ago@1", "1234"),
        ("opened_atRELATIVELE@hour@ahead@1", "1234"),
        ("opened_atRELATIVEEE@dayofweek@ago@1", "1"),
        ("opened_atRELATIVEEE@quarter@ago@0", "123"),
        ("opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", "4"),
        ("opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','friday','GE')", "2"),
        ("opened_atDATEPARTJanuary@javascript:gs.datePart('month','january','EE')", "4"),
        ("opened_atDATEPARTq@javascript:gs.datePart('quarter','4','LT')", "4"),
        ("opened_atDATEPARTy@javascript:gs.datePart('year','2026','LE')", "1234"),
        ("opened_at>javascript:gs.beginningOfThisWeek()", "12"),
        ("opened_atBETWEENjavascript:gs.daysAgoStart(2)@javascript:gs.endOfToday()", "12"),
    ],
)
@fact(
    "RELATIVE operators compare with a time so long ago or ahead",
    tag="D r_OpAvailableFiltersQueries",
)
def test_times_are_asked_for_relatively(instance: Instance, encoded: str, expected: str) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("assigned_to=javascript:gs.getUserID()", "2"),
        ("assigned_to!=javascript:gs.getUserID()", "1345"),
        ("assignment_group=javascript:getMyGroups()", "12"),
        ("assignment_group!=javascript:getMyGroups()", "345"),
        ("assignment_groupINjavascript:getMyGroups()", "12"),
        (f"assigned_toDYNAMIC{ME}", "2"),
        (f"assignment_groupDYNAMIC{MY_GROUPS}", "12"),
        (f"assignment_groupIN_HIERARCHYsys_user_group/parent@{OFFICE}", "123"),
        (f"assignment_groupIN_HIERARCHY{NETWORK}", "12"),
        ("assignment_groupIN_HIERARCHYx@javascript:getMyGroups()", ""),
        (f"assigned_toIN_HIERARCHY_DYNAMICx@{ME}", EVERYTHING),
        (f"assignment_groupIN_HIERARCHY_DYNAMICx@{MY_GROUPS}", ""),
        (f"assignment_groupIN_HIERARCHY_DYNAMICx@{ME}", ""),
        ("sys_class_nameINSTANCEOFtask", EVERYTHING),
        ("sys_class_nameINSTANCEOFproblem", ""),
        ("sys_class_nameINSTANCEOFnope", ""),
    ],
)
@fact(
    "DYNAMIC, IN_HIERARCHY and INSTANCEOF find people, groups and classes",
    tag="D r_OpAvailableFiltersQueries",
)
def test_people_groups_and_classes_are_found(
    instance: Instance, encoded: str, expected: str
) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    "encoded",
    [
        "assigned_to=javascript:alert(1)",
        "assigned_to!=javascript:alert(1)",
        "assigned_toINjavascript:alert(1)",
        "assigned_toNOT INjavascript:alert(1)",
        "assigned_toLIKEjavascript:alert(1)",
        "assigned_toNOT LIKEjavascript:alert(1)",
        "opened_at>javascript:alert(1)",
        "opened_atBETWEENjavascript:a()@javascript:b()",
        "opened_atNOTONx@javascript:a()@javascript:b()",
        "opened_atDATEPARTx@javascript:alert(1)",
        "opened_at=javascript:gs.datePart('month','may','EE')",
        "assigned_toDYNAMICffffffffffffffffffffffffffffffff",
    ],
)
@fact("A script in a query that may not run matches nothing", tag="R")
def test_a_script_that_is_not_allowed_matches_nothing(instance: Instance, encoded: str) -> None:
    assert found(instance, encoded) == ""


def test_scripts_about_a_person_match_nothing_without_one(instance: Instance) -> None:
    assert instance.query("incident", "assigned_to=javascript:gs.getUserID()") == []


@pytest.mark.parametrize(
    "dropped",
    [
        "u_nope=1",
        "caller_id.u_nope=1",
        "short_description.name=1",
        "stateDOES NOT CONTAIN1",
        "state~1",
        "stateVALCHANGES",
        "caller_id.nameVALCHANGES",
        "commentsBETWEENa",
        "stateCHANGESFROM1",
        "stateCHANGESTO1",
        "priority>many",
        "priorityBETWEEN1",
        "opened_atON@a@b@c",
        "opened_atONsoon",
        "opened_atNOTONsoon",
        "opened_atRELATIVEGTsoon",
        "opened_atRELATIVEGT@eon@ago@1",
        "opened_atRELATIVEGT@year@ago@99999",
        "opened_atRELATIVEEE@second@ago@1",
        "opened_atDATEPARTsoon",
        "stateSAMEASu_nope",
        "sla_dueSAMEASactivity_due@eon",
        "sla_dueNSAMEASactivity_due@eon",
        "sla_dueMORETHANactivity_due",
        "sla_dueMORETHANactivity_due@eon@before@1",
        "sla_dueMORETHANactivity_due@day@beside@1",
        "caller_idIN_HIERARCHYx@y",
        "numberIN_HIERARCHYx@y",
        "123TEXTQUERY321= ",
        "RLQUERYu_nope.task,>0^ENDRLQUERY",
        "RLQUERYsys_user.u_nope,>0^ENDRLQUERY",
        "RLQUERYtask.comments,>0^ENDRLQUERY",
        "JOINproblem.number=task.number!a=1",
        "JOINincident.u_nope=task.number!a=1",
        "JOINincident.number=u_nope.number!a=1",
        "JOINincident.number=task.u_nope!a=1",
        "JOINincident.number=task.comments!a=1",
    ],
)
@fact(
    "An unknown field or operator in a query is dropped: with nothing left every row matches",
    tag="M 22,400 rows",
)
def test_what_is_not_understood_is_dropped_and_the_rest_decides(
    instance: Instance, dropped: str
) -> None:
    assert found(instance, dropped) == EVERYTHING
    assert found(instance, f"state=2^{dropped}") == "2"


def test_an_alternative_that_is_not_understood_leaves_the_other(instance: Instance) -> None:
    assert found(instance, "u_nope=1^ORstate=2") == "2"


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("123TEXTQUERY321=printer fire", "1"),
        ("123TEXTQUERY321=mail slow", "4"),
        ("123TEXTQUERY321=water", "1"),
        ("123TEXTINDEXGROUP321=inc0000002", "2"),
        ("RLQUERYtask.parent,>0^ENDRLQUERY", "1"),
        ("RLQUERYincident.parent,=0,m2m^state=6^ENDRLQUERY", "2345"),
        ("RLQUERYincident.parent,>=1^state=7^ENDRLQUERY", ""),
        ("JOINincident.caller_id=sys_user.manager!", "14"),
        ("JOINtask.opened_by=sys_user.sys_id!user_name=beth.anglin", "23"),
        ("JOINincident.number=problem.number!active=true", ""),
    ],
)
@fact("Queries may join tables, count related lists and search texts", tag="C PySNC")
def test_text_related_lists_and_joins_are_searched(
    instance: Instance, encoded: str, expected: str
) -> None:
    assert found(instance, encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("ORDERBYDESCnumber", "54321"),
        ("ORDERBYpriority", "51243"),
        ("ORDERBYDESCpriority^ORDERBYnumber", "34215"),
        ("ORDERBYcaller_id", "51432"),
        ("GROUPBYstate^ORDERBYDESCnumber", "12345"),
        ("ORDERBYu_nope", EVERYTHING),
        ("ORDERBYcaller_id.name^ORDERBYDESCnumber", "54132"),
    ],
)
def test_the_tail_orders_the_rows(instance: Instance, encoded: str, expected: str) -> None:
    assert found(instance, encoded) == expected


def test_a_date_field_compares_with_a_moment_too(instance: Instance) -> None:
    for value in ("2026-11-19", "2026-11-19 12:00:00"):
        assert [row["name"] for row in instance.query("sys_user", f"last_login={value}")] == [
            "Beth Anglin"
        ]


def test_a_limit_and_an_offset_cut_a_page(instance: Instance) -> None:
    rows = instance.query("incident", "ORDERBYDESCnumber", limit=2, offset=1)
    assert [row["number"] for row in rows] == ["INC0000004", "INC0000003"]
    assert instance.count("incident", "state=2^ORstate=3") == 2


def test_a_class_holds_only_its_own_records(instance: Instance) -> None:
    assert instance.count("task") == 5
    assert instance.count("problem") == 0
    assert instance.count("cmdb_ci_computer") == 1
    assert instance.count("cmdb_ci_service") == 0
    assert instance.row("cmdb_ci_service", MAIL) is None
    assert instance.row("task", FIRST) is not None


@fact("Equality of strings ignores case", tag="C ansible itsm_change_request")
def test_equality_minds_case_where_the_instance_says_so() -> None:
    instance = small_instance(switches=Switches(case_insensitive=False))
    assert found(instance, "category=network") == "2"
    assert found(instance, "category!=network") == "1345"
    assert found(instance, "categoryINnetwork") == "2"
    assert found(instance, "state=2") == "2"
    assert found(instance, "short_descriptionLIKEvpn") == "2"


@fact("With glide.invalid_query.returns_no_rows an invalid query finds nothing", tag="D Table API")
def test_an_invalid_query_finds_nothing_where_the_instance_says_so() -> None:
    instance = small_instance(switches=Switches(invalid_query_returns_no_rows=True))
    assert found(instance, "state=2^u_nope=1") == ""
    assert found(instance, "state=2^ORDERBYu_nope") == ""
    assert found(instance, "state=2") == "2"


def test_the_property_for_invalid_queries_may_be_set_and_reset() -> None:
    instance = small_instance()
    name = "glide.invalid_query.returns_no_rows"
    instance.insert("sys_properties", {"name": "glide.other", "value": "true"})
    assert found(instance, "u_nope=1") == EVERYTHING
    sys_id = instance.insert("sys_properties", {"name": name, "value": "true"})
    assert found(instance, "u_nope=1") == ""
    instance.update("sys_properties", sys_id, {"value": "false"})
    assert found(instance, "u_nope=1") == EVERYTHING


def test_a_property_that_is_deleted_decides_no_longer() -> None:
    instance = small_instance()
    values = {"name": "glide.invalid_query.returns_no_rows", "value": "true"}
    sys_id = instance.insert("sys_properties", values)
    assert found(instance, "u_nope=1") == ""
    instance.delete("sys_properties", sys_id)
    assert found(instance, "u_nope=1") == EVERYTHING


def test_an_instance_that_ignores_conditions_finds_everything() -> None:
    instance = small_instance(switches=Switches(ignore_query_conditions=True))
    assert found(instance, "sys_id=javascript:gs.getUserID()^ORDERBYDESCnumber") == "54321"
