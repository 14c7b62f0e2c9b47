"""Our parser and the simulator's, written apart, read every query alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from servicenow.query_parser import ParsedQuery, parse
from simulator.queries import parsing as simulated

Read = list[list[list[tuple[str, str, str]]]]

CONDITIONS = st.sampled_from(
    [
        "a=1",
        "a.b!=x^^y",
        "a>=2",
        "aLIKE^^ORb",
        "a*x",
        "a!*x",
        "a%x",
        "aCONTAINSx",
        "aNOT LIKEx",
        "aINx,y z",
        "aNOT INx",
        "aISEMPTY",
        "aANYTHING",
        "aBETWEEN1@2",
        "aSAMEASb@day",
        "aGT_OR_EQUALS_FIELDb",
        "aONToday@javascript:gs.daysAgoStart(0)@javascript:gs.daysAgoEnd(0)",
        "aNOTONToday@b@c",
        "aRELATIVEGT@hour@ago@1",
        "aDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')",
        "aMORETHANb@day@before@1",
        "aDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
        "aIN_HIERARCHYt/f@x",
        "aIN_HIERARCHY_DYNAMICx",
        "aINSTANCEOFtask",
        "aSTARTSWITHx\n",
        "a=",
    ]
)
TAILS = st.lists(
    st.sampled_from(["^ORDERBYa", "^ORDERBYDESCb.c", "^GROUPBYd", "^EQ"]), max_size=3
).map("".join)


@st.composite
def queries(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", "^"])) + draw(CONDITIONS)
    for condition in draw(st.lists(CONDITIONS, max_size=5)):
        text += draw(st.sampled_from(["^", "^OR", "^NQ"])) + condition
    return text + draw(TAILS)


def ours(parsed: ParsedQuery) -> Read:
    filters: Read = []
    for segment in parsed.segments:
        groups: list[list[tuple[str, str, str]]] = []
        for item in segment:
            facts = (item.field, item.operator, item.value)
            if item.connector == "OR":
                groups[-1].append(facts)
            else:
                groups.append([facts])
        filters.append(groups)
    return filters


def theirs(query: simulated.Query) -> Read:
    return [[[_facts(term) for term in group] for group in groups] for groups in query.filters]


def _facts(term: simulated.Term) -> tuple[str, str, str]:
    assert isinstance(term, simulated.Condition), term
    return (term.field, term.operator, term.value)


@settings(deadline=None, database=None, max_examples=300)
@given(text=queries())
def test_both_read_the_same_conditions_orders_and_groups(text: str) -> None:
    parsed, read = parse(text), simulated.parse(text)
    assert ours(parsed) == theirs(read)
    assert [(item.field, item.descending) for item in parsed.orderings] == [
        (item.field, item.descending) for item in read.orderings
    ]
    assert parsed.group_by == read.group_by


@settings(deadline=None, database=None, max_examples=300)
@given(text=st.one_of(st.text(), queries().flatmap(lambda text: st.text().map(text.__add__))))
def test_whatever_ours_accepts_the_simulator_can_read(text: str) -> None:
    try:
        parse(text)
    except ValueError:
        return
    for groups in simulated.parse(text).filters:
        for group in groups:
            assert not any(isinstance(term, simulated.Unreadable) for term in group)
