"""Which tools a caller has: the operator narrows, then the person, then the credential."""

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools_app.callers import ABEL, BETH, CHARLIE
from tools_app.catalog import CATALOG
from tools_app.policy import PolicySnapshot, Reach, ToolRule, allowed_tools, why_not

READING = {name for name, tool in CATALOG.items() if not tool.access.writes}
PEOPLE = {name for name, tool in CATALOG.items() if tool.toolset == "people"}
INCIDENTS = {name for name, tool in CATALOG.items() if tool.toolset == "incidents"}
DESK = 7
NIGHT = 8


def names(caller: object, snapshot: PolicySnapshot) -> set[str]:
    return {tool.name for tool in allowed_tools(caller, snapshot)}  # type: ignore[arg-type]  # a Caller


def test_without_settings_everybody_has_everything_in_the_order_of_the_catalogue() -> None:
    assert [tool.name for tool in allowed_tools(ABEL, PolicySnapshot())] == list(CATALOG)


def test_a_read_only_server_has_no_tool_that_writes() -> None:
    snapshot = PolicySnapshot(read_only=True)
    assert names(ABEL, snapshot) == READING
    assert why_not(ABEL, CATALOG["create_incident"], snapshot) == "This server is read-only."


def test_a_toolset_is_turned_off_or_made_read_only_for_everybody() -> None:
    off = PolicySnapshot(toolsets={"people": {None: Reach.OFF}})
    assert names(ABEL, off) == set(CATALOG) - PEOPLE
    assert why_not(ABEL, CATALOG["lookup_user"], off) == "The toolset people is turned off for you."
    read = PolicySnapshot(toolsets={"incidents": {None: Reach.READ}})
    assert names(ABEL, read) == set(CATALOG) - (INCIDENTS - READING)
    assert why_not(ABEL, CATALOG["add_work_note"], read) == (
        "The toolset incidents is read-only for you."
    )


def test_a_grant_of_a_group_replaces_the_one_for_everybody() -> None:
    snapshot = PolicySnapshot(
        toolsets={"people": {None: Reach.OFF, DESK: Reach.WRITE}},
        members={DESK: frozenset({ABEL.user_id})},
    )
    assert names(ABEL, snapshot) >= PEOPLE
    assert not PEOPLE & names(CHARLIE, snapshot)


def test_of_several_groups_the_most_generous_counts() -> None:
    snapshot = PolicySnapshot(
        toolsets={"incidents": {DESK: Reach.READ, NIGHT: Reach.WRITE}},
        members={DESK: frozenset({1, 2}), NIGHT: frozenset({1})},
    )
    assert "create_incident" in names(ABEL, snapshot)
    assert "create_incident" not in names(BETH, snapshot)
    assert "create_incident" in names(CHARLIE, snapshot)


def test_a_single_tool_is_turned_off_for_a_group() -> None:
    snapshot = PolicySnapshot(
        tools={"resolve_incident": {DESK: ToolRule(is_on=False)}},
        members={DESK: frozenset({ABEL.user_id})},
    )
    assert "resolve_incident" not in names(ABEL, snapshot)
    assert "resolve_incident" in names(BETH, snapshot)
    assert why_not(ABEL, CATALOG["resolve_incident"], snapshot) == (
        "This tool is turned off for you."
    )


def test_a_limit_of_a_tool_is_the_most_generous_of_the_persons_groups() -> None:
    snapshot = PolicySnapshot(
        tools={
            "create_incident": {
                None: ToolRule(calls_per_minute=5),
                DESK: ToolRule(calls_per_minute=30),
                NIGHT: ToolRule(),
            },
            "lookup_user": {None: ToolRule(is_on=False, calls_per_minute=1)},
        },
        members={DESK: frozenset({1, 2}), NIGHT: frozenset({2})},
    )
    assert snapshot.calls_per_minute(ABEL.user_id, "create_incident") == 30
    assert snapshot.calls_per_minute(BETH.user_id, "create_incident") is None
    assert snapshot.calls_per_minute(CHARLIE.user_id, "create_incident") == 5
    assert snapshot.calls_per_minute(CHARLIE.user_id, "lookup_user") is None
    assert snapshot.calls_per_minute(CHARLIE.user_id, "get_incident") is None


def test_a_credential_narrows_to_its_toolsets() -> None:
    narrow = replace(ABEL, toolsets=frozenset({"people"}))
    assert names(narrow, PolicySnapshot()) == PEOPLE
    assert why_not(narrow, CATALOG["get_incident"], PolicySnapshot()) == (
        "This client was not granted the toolset incidents."
    )
    assert names(replace(ABEL, toolsets=frozenset()), PolicySnapshot()) == set()


@pytest.mark.parametrize(
    "snapshot",
    [
        PolicySnapshot(toolsets={"incidents": {None: Reach.WRITE}}),
        PolicySnapshot(tools={"create_incident": {None: ToolRule(is_on=True)}}),
    ],
)
def test_no_setting_of_the_operator_widens_a_credential(snapshot: PolicySnapshot) -> None:
    reader = replace(ABEL, access="read", toolsets=frozenset({"incidents"}))
    assert names(reader, snapshot) == READING & INCIDENTS


REACHES = st.dictionaries(st.sampled_from([None, DESK, NIGHT]), st.sampled_from(Reach))
RULES = st.dictionaries(
    st.sampled_from([None, DESK, NIGHT]), st.builds(ToolRule, is_on=st.booleans())
)
# Few of each, so that rules meet one another and what was granted.
SOME_TOOLSETS = st.sampled_from(["incidents", "people", "changes"])
SOME_TOOLS = st.sampled_from(["create_incident", "get_incident", "approve_change", "lookup_user"])
SNAPSHOTS = st.builds(
    PolicySnapshot,
    read_only=st.booleans(),
    toolsets=st.dictionaries(SOME_TOOLSETS, REACHES),
    tools=st.dictionaries(SOME_TOOLS, RULES),
    members=st.dictionaries(st.sampled_from([DESK, NIGHT]), st.just(frozenset({ABEL.user_id}))),
)


@given(
    snapshot=SNAPSHOTS,
    toolsets=st.none() | st.frozensets(SOME_TOOLSETS),
    access=st.sampled_from(["read", "write"]),
)
def test_each_step_only_ever_narrows(
    snapshot: PolicySnapshot, toolsets: frozenset[str] | None, access: Literal["read", "write"]
) -> None:
    narrowed = names(replace(ABEL, toolsets=toolsets, access=access), snapshot)
    assert narrowed <= names(ABEL, snapshot)
    assert narrowed <= names(replace(ABEL, toolsets=toolsets, access=access), PolicySnapshot())
    assert names(ABEL, replace(snapshot, read_only=True)) <= names(ABEL, snapshot) & READING
    granted = (
        CATALOG if toolsets is None else {n for n in CATALOG if CATALOG[n].toolset in toolsets}
    )
    expected = {name for name in granted if _operator_leaves(name, snapshot)}
    assert narrowed == (expected & READING if access == "read" else expected)


def _operator_leaves(name: str, snapshot: PolicySnapshot) -> bool:
    """What an operator's settings mean for Abel, in other words than the policy's own."""
    groups = [group for group in (DESK, NIGHT) if ABEL.user_id in snapshot.members.get(group, ())]
    reaches = snapshot.toolsets.get(CATALOG[name].toolset, {})
    rules = snapshot.tools.get(name, {})
    reach = [reaches[group] for group in groups if group in reaches]
    rule = [rules[group] for group in groups if group in rules]
    reach = reach or [reaches.get(None, Reach.WRITE)]
    rule = rule or [rules.get(None, ToolRule())]
    needed = {Reach.WRITE} if name not in READING else {Reach.READ, Reach.WRITE}
    is_writable = name in READING or not snapshot.read_only
    return is_writable and bool(needed & set(reach)) and any(one.is_on for one in rule)
