"""Every argument of every tool that takes text, with hostile text, once (P10).

Whatever becomes of the call: no query has a condition or an order that the text wrote, no address
is another one, and a failure is one that has words.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

import pytest
from starlette.applications import Starlette

from servicenow.exceptions import ServiceNowFailure
from simulator.control.request_journal import JournalEntry
from simulator.queries import parsing
from tests.identity.requirements import protects
from tests.tools_app.callers import ABEL
from tests.tools_app.catalog.each_tool import ARGUMENTS
from tests.tools_app.desk import seated
from tools_app.catalog import CATALOG
from tools_app.exceptions import ToolFailure

MARK = "zzmark"
HOSTILE = (
    f"x^OR{MARK}=1",
    f"x^NQ{MARK}=1",
    f"x^{MARK}ISNOTEMPTY",
    f"x^ORDERBY{MARK}",
    f"x^^^GROUPBY{MARK}",
    f"javascript:{MARK}()",
    f"\u200bJavaScript :{MARK}()",
    f"../../{MARK}",
    f"x/../../{MARK}?{MARK}=1&sysparm_query={MARK}=1",
    f"x%5EOR{MARK}%3D1",
    f"x\r\nX-{MARK}: 1",
    f"x,{MARK}=1",
    f"{MARK}@{MARK}",
    f"x#{MARK}",
    f"<script>{MARK}</script>'; DROP TABLE {MARK}; --",
    "\u202e\u2066\ufeff" + MARK + "😀" * 20,
)
# Arguments of tools that take any text.
FREE = {
    (tool, name)
    for tool, spec in CATALOG.items()
    for name, part in spec.input_schema["properties"].items()
    if part["type"] == "string" and "enum" not in part and "pattern" not in part
}


def tries() -> Iterator[tuple[str, str, str]]:
    """Tools, arguments and texts: two texts for each argument, each text many times."""
    texts = cycle(HOSTILE)
    for tool, name in sorted(FREE):
        for _ in range(2):
            yield tool, name, next(texts)


def assert_a_literal(request: JournalEntry) -> None:
    """Nothing of the text is syntax of the request."""
    assert ".." not in request.path
    assert MARK not in " ".join([*request.query, *request.headers])
    read = parsing.parse(request.query.get("sysparm_query", ""))
    for term in (one for groups in read.filters for group in groups for one in group):
        assert isinstance(term, parsing.Condition | parsing.TextSearch), request
        if isinstance(term, parsing.Condition):
            assert MARK not in term.field, request
            assert not ("javascript" in term.value and MARK in term.value), request
    assert not read.group_by
    assert not any(MARK in one.field for one in read.orderings)


@protects("P10")
def test_every_hostile_text_is_tried_and_most_tools_take_text() -> None:
    assert {text for _, _, text in tries()} == set(HOSTILE)
    assert len({tool for tool, _ in FREE}) > len(CATALOG) * 0.8


@protects("P10")
@pytest.mark.timeout(120)
async def test_hostile_text_in_any_argument_is_a_literal_or_refused(simulator: Starlette) -> None:
    seen = 0
    async with seated(simulator, ABEL) as desk:
        for tool, name, text in tries():
            with suppress(ToolFailure, ServiceNowFailure):
                await desk.call(tool, **{**ARGUMENTS[tool], name: text})
            for request in desk.requests():
                assert_a_literal(request)
                seen += MARK in request.query_string or MARK in request.body
            desk.world.journal.clear()
    assert seen > len(FREE) / 2
