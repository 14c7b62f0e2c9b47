"""The parser takes apart the whole language and refuses what an instance would drop."""

import pytest

from servicenow.exceptions import MalformedQuery, UnknownOperator
from servicenow.query_parser import Condition, Ordering, parse

ME = "90d1921e5f510100a9ad2572f2b477fe"


def only(text: str) -> Condition:
    parsed = parse(text)
    assert len(parsed.segments) == 1
    assert len(parsed.segments[0]) == 1
    return parsed.segments[0][0]


@pytest.mark.parametrize(
    ("text", "field", "operator", "value"),
    [
        ("state=1", "state", "=", "1"),
        ("state!=1", "state", "!=", "1"),
        ("priority>2", "priority", ">", "2"),
        ("priority>=2", "priority", ">=", "2"),
        ("priority<2", "priority", "<", "2"),
        ("priority<=2", "priority", "<=", "2"),
        ("caller_idSTARTSWITHDon", "caller_id", "STARTSWITH", "Don"),
        ("nameENDSWITHx", "name", "ENDSWITH", "x"),
        ("name%x", "name", "ENDSWITH", "x"),
        ("nameLIKEx", "name", "LIKE", "x"),
        ("name*x", "name", "LIKE", "x"),
        ("nameCONTAINSx", "name", "LIKE", "x"),
        ("nameNOT LIKEx", "name", "NOT LIKE", "x"),
        ("name!*x", "name", "NOT LIKE", "x"),
        ("stateIN1,2", "state", "IN", "1,2"),
        ("nameINsql server", "name", "IN", "sql server"),
        ("stateNOT IN6,7", "state", "NOT IN", "6,7"),
        ("assigned_toISEMPTY", "assigned_to", "ISEMPTY", ""),
        ("assigned_toISNOTEMPTY", "assigned_to", "ISNOTEMPTY", ""),
        ("nameEMPTYSTRING", "name", "EMPTYSTRING", ""),
        ("nameANYTHING", "name", "ANYTHING", ""),
        ("priorityBETWEEN1@3", "priority", "BETWEEN", "1@3"),
        ("sla_dueSAMEASactivity_due@day", "sla_due", "SAMEAS", "activity_due@day"),
        ("opened_byNSAMEAScaller_id", "opened_by", "NSAMEAS", "caller_id"),
        ("impactGT_FIELDurgency", "impact", "GT_FIELD", "urgency"),
        ("impactLT_FIELDurgency", "impact", "LT_FIELD", "urgency"),
        ("impactGT_OR_EQUALS_FIELDurgency", "impact", "GT_OR_EQUALS_FIELD", "urgency"),
        ("impactLT_OR_EQUALS_FIELDurgency", "impact", "LT_OR_EQUALS_FIELD", "urgency"),
        (
            "opened_atONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)",
            "opened_at",
            "ON",
            "Today@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)",
        ),
        ("opened_atNOTONToday@a@b", "opened_at", "NOTON", "Today@a@b"),
        ("opened_atRELATIVEGT@hour@ago@1", "opened_at", "RELATIVEGT", "@hour@ago@1"),
        ("opened_atRELATIVELT@minute@ahead@15", "opened_at", "RELATIVELT", "@minute@ahead@15"),
        ("opened_atRELATIVEGE@dayofweek@ago@1", "opened_at", "RELATIVEGE", "@dayofweek@ago@1"),
        ("opened_atRELATIVELE@quarter@ago@1", "opened_at", "RELATIVELE", "@quarter@ago@1"),
        ("opened_atRELATIVEEE@year@ago@1", "opened_at", "RELATIVEEE", "@year@ago@1"),
        (
            "opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')",
            "opened_at",
            "DATEPART",
            "Monday@javascript:gs.datePart('dayofweek','monday','EE')",
        ),
        ("sla_dueMORETHANopened_at@day@before@1", "sla_due", "MORETHAN", "opened_at@day@before@1"),
        ("sla_dueLESSTHANopened_at@hour@after@2", "sla_due", "LESSTHAN", "opened_at@hour@after@2"),
        (f"assigned_toDYNAMIC{ME}", "assigned_to", "DYNAMIC", ME),
        (
            "locationIN_HIERARCHYcmn_location/parent@x",
            "location",
            "IN_HIERARCHY",
            "cmn_location/parent@x",
        ),
        ("groupIN_HIERARCHY_DYNAMICx", "group", "IN_HIERARCHY_DYNAMIC", "x"),
        ("sys_class_nameINSTANCEOFcmdb_ci", "sys_class_name", "INSTANCEOF", "cmdb_ci"),
        ("stateVALCHANGES", "state", "VALCHANGES", ""),
        ("stateCHANGESFROM1", "state", "CHANGESFROM", "1"),
        ("stateCHANGESTO2", "state", "CHANGESTO", "2"),
        ("sys_tagsDOESNOTHAVEx", "sys_tags", "DOESNOTHAVE", "x"),
        ("sys_tagsEXCLUDINGx", "sys_tags", "EXCLUDING", "x"),
        ("caller_id.department.name=IT", "caller_id.department.name", "=", "IT"),
        ("name=", "name", "=", ""),
        ("name=a=b>c", "name", "=", "a=b>c"),
    ],
)
def test_every_operator_is_known(text: str, field: str, operator: str, value: str) -> None:
    assert only(text) == Condition(field, operator, value, "AND")


def test_the_longest_operator_counts() -> None:
    assert only("nameINSTANCE").value == "STANCE"
    assert only("nameIN_HIERARCHY_DYNAMICx").operator == "IN_HIERARCHY_DYNAMIC"
    assert only("name>=1").operator == ">="
    assert only("nameNOT LIKEx").operator == "NOT LIKE"


def test_full_text_searches_have_no_field() -> None:
    assert only("123TEXTQUERY321=printer jam") == Condition(
        "", "123TEXTQUERY321", "printer jam", "AND"
    )
    assert only("123TEXTINDEXGROUP321=x").operator == "123TEXTINDEXGROUP321"


def test_or_binds_to_the_condition_before_it() -> None:
    conditions = parse("a=1^b=2^ORb=3^c=4").segments[0]
    assert [(item.field, item.connector) for item in conditions] == [
        ("a", "AND"),
        ("b", "AND"),
        ("b", "OR"),
        ("c", "AND"),
    ]


def test_new_queries_are_segments() -> None:
    parsed = parse("a=1^b=2^NQc=3^ORd=4^NQe=5")
    assert [[item.field for item in segment] for segment in parsed.segments] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


def test_a_double_caret_is_a_literal_caret() -> None:
    assert only("name=a^^b").value == "a^b"
    assert only("name=^^").value == "^"
    assert only("name=a^^ORb=1").value == "a^ORb=1"
    assert [item.value for item in parse("a=x^^^b=y").segments[0]] == ["x^", "y"]


def test_a_backslash_escapes_nothing() -> None:
    assert [item.value for item in parse("name=x\\^ORactive=true").segments[0]] == ["x\\", "true"]


def test_the_tail_is_orders_groups_and_the_end_mark() -> None:
    parsed = parse("a=1^ORDERBYb^ORDERBYDESCc.d^GROUPBYe^EQ")
    assert parsed.orderings == (Ordering("b", descending=False), Ordering("c.d", descending=True))
    assert parsed.group_by == ("e",)


def test_an_order_alone_is_a_query() -> None:
    assert parse("ORDERBYnumber").orderings == (Ordering("number", descending=False),)
    assert parse("^ORDERBYDESCnumber").segments == ()


def test_one_caret_at_the_beginning_is_tolerated() -> None:
    assert only("^a=1").field == "a"


def test_nothing_is_a_query() -> None:
    assert parse("").segments == ()
    assert parse("").fields() == set()


def test_related_lists_hold_their_own_conditions() -> None:
    text = "RLQUERYsys_group_has_role.group,>0,m2m^role.nameLIKEadmin^ORrole.name=x^ENDRLQUERY"
    parsed = parse(f"active=true^{text}^name=y")
    related = parsed.segments[0][1]
    assert (related.field, related.operator, related.value) == (
        "sys_group_has_role.group",
        "RLQUERY",
        ">0,m2m",
    )
    assert [(item.field, item.connector) for item in related.inner] == [
        ("role.name", "AND"),
        ("role.name", "OR"),
    ]
    assert parsed.fields() == {"active", "name"}
    assert parsed.operators() == {"=", "RLQUERY", "LIKE"}


def test_related_lists_need_no_conditions() -> None:
    assert only("RLQUERYtask_sla.task,>=1^ENDRLQUERY").inner == ()
    assert parse("a=1^ORRLQUERYtask_sla.task,=0^ENDRLQUERY").segments[0][1].connector == "OR"


def test_joins_hold_their_condition() -> None:
    joined = only("JOINsys_user.sys_id=sys_user_group.manager!active=true")
    assert (joined.field, joined.value) == ("sys_user.sys_id", "sys_user_group.manager")
    assert joined.inner == (Condition("active", "=", "true", "AND"),)
    assert only("JOINa.b=c.d!").inner == ()


@pytest.mark.parametrize(
    "text",
    [
        "^^",
        "^",
        "a=1^",
        "a=1^^^",
        "=1",
        "Name=1",
        "a=1^NQ",
        "NQa=1",
        "ORa=1",
        "a=1^NQORb=1",
        "a=1^ORDERBYb^c=2",
        "a=1^EQ^NQb=1",
        "a=1^ORDERBY",
        "a=1^ORDERBYDESCB",
        "a=1^GROUPBYx y",
        "aISEMPTYx",
        "aANYTHINGx",
        "aBETWEEN1",
        "aBETWEEN1@2@3",
        "aSAMEASB",
        "aSAMEAS",
        "aGT_FIELD=",
        "aONToday",
        "aRELATIVEGT@fortnight@ago@1",
        "aRELATIVEGT@hour@ago",
        "aDATEPARTMonday",
        "aMORETHANb@day@1",
        "aDYNAMICme",
        "aIN_HIERARCHY",
        "aINSTANCEOFTask",
        "RLQUERYx^ENDRLQUERY",
        "RLQUERYa.b,>0^c=1",
        "RLQUERYa.b,>0^^ENDRLQUERY",
        "ENDRLQUERY",
        "JOINa.b=c.d",
        "JOINa.b=c.d!=",
    ],
)
def test_what_an_instance_would_drop_is_refused(text: str) -> None:
    with pytest.raises(MalformedQuery):
        parse(text)


@pytest.mark.parametrize(
    "text", ["a", "aEQUALS1", "aDOES NOT CONTAIN1", "aLike1", "a 1", "a=1^b", "a.b.cd"]
)
def test_an_unknown_operator_is_refused(text: str) -> None:
    with pytest.raises(UnknownOperator):
        parse(text)


def test_all_fields_of_the_table_are_found() -> None:
    parsed = parse(
        "a=1^ORb.c=2^dSAMEASe@day^fMORETHANg@day@before@1^123TEXTQUERY321=x"
        "^JOINx.y=z.w!v=1^ORDERBYh^GROUPBYi"
    )
    assert parsed.fields() == {"a", "b.c", "d", "e", "f", "g", "h", "i"}


@pytest.mark.parametrize(
    "text",
    [
        "a=javascript:gs.getUserID()",
        "a= JAVASCRIPT:x",
        "aINx,javascript:y",
        "aONToday@javascript:x@y",
        "RLQUERYa.b,>0^c=javascript:x^ENDRLQUERY",
    ],
)
def test_values_that_would_be_evaluated_are_noticed(text: str) -> None:
    assert parse(text).has_script()


def test_values_that_mention_javascript_are_not() -> None:
    assert not parse("a=my javascript:x^b=1").has_script()
