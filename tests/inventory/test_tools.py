"""A walk over every tool: what must hold for each of them, and for all together."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.inventory import snapshots
from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.identity import says_who_is_acting
from tools_app.schemas import refused_parts
from tools_app.spec import ToolSpec

EVERY = pytest.mark.parametrize("tool", CATALOG.values(), ids=CATALOG)

MOST_TOOLS = 40
MOST_LISTED = 48_000
MOST_DESCRIPTION = 1_000
USUAL_DESCRIPTION = 400

PURPOSES = "Add|Approve|Ask|Change|Create|Find|List|Make|Order|Read|Report|Resolve|Reject|Say|Show"

IN_ORDER = [
    "incidents",
    "people",
    "knowledge",
    "work",
    "changes",
    "problems",
    "catalog",
    "update_sets",
    "universal",
]
DEFAULT_LIMITS = {
    "get_journal": 20,
    "list_group_members": 50,
    "get_my_tasks": 20,
    "get_my_approvals": 20,
}
# The contract: a tool that is missing here, or here alone, changes what people rely on.
ARGUMENTS = {
    "search_incidents": "text state priority urgency impact category assigned_to assigned_to_me "
    "assignment_group caller_is configuration_item active opened_after opened_before "
    "updated_after updated_before order_by limit offset",
    "get_incident": "incident* include_journal",
    "create_incident": "short_description* description impact urgency category subcategory "
    "assignment_group configuration_item contact_type other_fields",
    "update_incident": "incident* short_description description state hold_reason impact urgency "
    "category subcategory assigned_to assignment_group configuration_item other_fields",
    "resolve_incident": "incident* close_code* close_notes*",
    "add_work_note": "record* note* kind",
    "get_journal": "record* kind limit offset",
    "lookup_user": "query* limit",
    "lookup_group": "query* limit",
    "list_group_members": "group* limit offset",
    "get_my_profile": "",
    "search_knowledge": "query* knowledge_base category language limit offset",
    "get_article": "article*",
    "get_my_tasks": "kind state include_my_groups overdue limit offset",
    "get_my_approvals": "state include_delegated limit offset",
    "get_approval": "approval*",
    "approve_or_reject": "approval* decision* comments",
    "list_change_requests": "text state type category priority risk assigned_to_me "
    "assignment_group configuration_item timeframe start_after start_before query order_by "
    "limit offset",
    "get_change_request_details": "change*",
    "create_change_request": "type* short_description* description justification "
    "implementation_plan backout_plan test_plan risk impact category assignment_group "
    "configuration_item planned_start planned_end template other_fields",
    "update_change_request": "change* short_description description justification "
    "implementation_plan backout_plan test_plan state risk impact category "
    "assignment_group configuration_item planned_start planned_end "
    "close_code close_notes other_fields",
    "add_change_task": "change* short_description* description type assignment_group "
    "assigned_to planned_start planned_end",
    "submit_change_for_approval": "change* comments",
    "approve_change": "change* comments",
    "reject_change": "change* comments*",
    "check_change_conflicts": "change* recalculate",
    "search_problems": "text state priority known_error assignment_group configuration_item "
    "active order_by limit offset",
    "get_problem": "problem*",
    "search_catalog_items": "query* catalog category limit offset",
    "get_catalog_item": "item*",
    "submit_catalog_request": "item* variables quantity",
    "list_my_requests": "state limit offset",
    "get_request_status": "request*",
    "get_current_update_set": "",
    "change_update_set": "update_set*",
    "create_update_set": "name* description set_as_current",
    "search": "query*",
    "fetch": "id*",
}


def as_listed(tool: ToolSpec) -> dict[str, Any]:
    """A tool as `tools/list` shows it, without its output schema."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.input_schema,
        "annotations": tool.annotations,
    }


def every_part(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema and all schemas within it."""
    inner = [*schema.get("properties", {}).values()]
    inner += [
        part
        for part in (schema.get("items"), schema.get("additionalProperties"))
        if isinstance(part, dict)
    ]
    return [schema, *(found for part in inner for found in every_part(part))]


def test_the_catalogue_is_complete_and_in_order() -> None:
    assert list(TOOLSETS) == IN_ORDER
    assert list(CATALOG) == list(ARGUMENTS)


@EVERY
def test_a_tool_takes_the_arguments_of_the_contract(tool: ToolSpec) -> None:
    required = tool.input_schema.get("required", [])
    taken = [f"{n}*" if n in required else n for n in tool.input_schema["properties"]]
    assert taken == ARGUMENTS[tool.name].split()


@EVERY
def test_names_are_ones_that_every_client_takes(tool: ToolSpec) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", tool.name)
    assert tool.title.strip() == tool.title != ""
    assert tool.name in TOOLSETS[tool.toolset].tools


@EVERY
def test_all_four_hints_and_the_title_are_given(tool: ToolSpec) -> None:
    assert set(tool.annotations) == {
        "title",
        "readOnlyHint",
        "destructiveHint",
        "idempotentHint",
        "openWorldHint",
    }
    assert tool.annotations["readOnlyHint"] is not tool.access.writes


@EVERY
def test_a_description_says_what_a_model_must_know(tool: ToolSpec) -> None:
    text = tool.description
    assert len(text) <= MOST_DESCRIPTION
    assert "signed-in person" in text, "as whom"
    assert "Returns" in text, "what comes back"
    assert "none" in text or "next_offset" not in tool.output_schema["properties"], (
        "how it is paged"
    )
    siblings = [name for name in CATALOG if name != tool.name and name in text]
    assert siblings, "which sibling to use instead"
    assert re.search(r"\b[Uu]se\b|\bLook\b", text), "when to use it"
    if tool.access.writes:
        assert re.search(r"\brole\b|\bright\b", text), "what is needed"
        assert re.search(r"refuses", text), "what happens without it"
    else:
        assert re.search(r"[Cc]hanges? nothing|changes nothing", text), "what it changes"


@EVERY
def test_a_description_begins_with_what_the_tool_does_and_to_what(tool: ToolSpec) -> None:
    purpose = re.split(r"[.:;,]", tool.description)[0]
    assert re.match(rf"({PURPOSES}) ", purpose)
    assert len(purpose) <= 110


@EVERY
def test_a_list_says_how_it_goes_on(tool: ToolSpec) -> None:
    taken, returned = tool.input_schema["properties"], tool.output_schema["properties"]
    assert ("offset" in taken) == ("next_offset" in returned)
    if "offset" in taken:
        assert {"limit", "offset"} <= taken.keys()
        assert "next_offset" in tool.description or "next_offset" in taken["offset"]["description"]


@EVERY
def test_a_description_neither_shouts_nor_advertises(tool: ToolSpec) -> None:
    text = f"{tool.description} {json.dumps(tool.input_schema)}"
    shouted = set(re.findall(r"\b[A-Z]{4,}\b", text))
    assert shouted == set()
    assert not re.search(r"!|powerful|easy|easily|simply|seamless|best|IMPORTANT|MUST", text)


@EVERY
def test_tools_named_in_a_description_exist(tool: ToolSpec) -> None:
    verbs = "search|get|create|update|resolve|add|lookup|list|approve|order|delete|reject|submit"
    verbs += "|check|change"
    named = set(re.findall(rf"\b(?:{verbs})_[a-z_]+", tool.description))
    assert named <= set(CATALOG)


@EVERY
def test_both_schemas_are_flat_and_valid(tool: ToolSpec) -> None:
    for schema in (tool.input_schema, tool.output_schema):
        Draft202012Validator.check_schema(schema)
        assert refused_parts(schema) == []
        assert schema["type"] == "object"
        assert "null" not in json.dumps(schema)
        assert all(isinstance(part.get("type"), str) for part in every_part(schema))


@EVERY
def test_every_argument_is_described_limited_and_says_nothing_about_who_acts(
    tool: ToolSpec,
) -> None:
    assert tool.input_schema["additionalProperties"] is False
    for name, part in tool.input_schema["properties"].items():
        assert 5 <= len(part["description"]) <= 250
        assert not says_who_is_acting(name)
        assert "title" not in part
        bounded = {"enum", "maxLength", "maximum", "maxProperties"} & part.keys()
        assert bounded or part["type"] == "boolean"


@EVERY
def test_lists_return_ten_by_default_or_say_otherwise_and_a_hundred_at_most(tool: ToolSpec) -> None:
    limit = tool.input_schema["properties"].get("limit")
    if limit is not None:
        assert (limit["minimum"], limit["maximum"]) == (1, 100)
        assert limit["default"] == DEFAULT_LIMITS.get(tool.name, 10)


@EVERY
def test_the_snapshot_is_current(tool: ToolSpec) -> None:
    kept = snapshots.FOLDER / f"{tool.name}.json"
    assert kept.read_text() == snapshots.snapshot_of(tool), "make snapshots"


def test_no_generated_file_about_tools_is_stale() -> None:
    """Nor about the simulator: that takes an import of all its tests, and `make check` looks."""
    assert snapshots.stale(snapshots.of_tools()) == [], "make snapshots"


def test_the_whole_list_stays_small() -> None:
    sizes = [len(json.dumps(as_listed(tool), separators=(",", ":"))) for tool in CATALOG.values()]
    lengths = [len(tool.description) for tool in CATALOG.values()]
    assert len(CATALOG) <= MOST_TOOLS
    assert sum(sizes) < MOST_LISTED
    assert sum(lengths) / len(lengths) <= USUAL_DESCRIPTION


def test_checking_says_what_is_stale_and_writing_brings_it_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path)
    monkeypatch.setattr(snapshots, "DOCS", tmp_path)
    monkeypatch.setattr(snapshots, "facts_page", lambda: "# What tests claim\n")
    monkeypatch.setattr(snapshots, "reference_page", lambda: "# What it has\n")
    (tmp_path / "gone_tool.json").write_text("{}")
    assert snapshots.main(["--check"]) == 1
    assert "gone_tool.json is not current" in capsys.readouterr().out
    assert snapshots.main([]) == 0
    assert snapshots.main(["--check"]) == 0
    assert {path.stem for path in tmp_path.glob("*.json")} == set(CATALOG)
