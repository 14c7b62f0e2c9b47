"""What the tools for changes are made of, without an instance of the usual kind."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicenow.auth import FixedToken
from servicenow.client import ServiceNowClient
from servicenow.exceptions import BadRequest, NotAsDocumented, OutcomeUnknown, RejectedByInstance
from servicenow.http import cookieless_client
from servicenow.query_parser import parse
from servicenow.records import Record, Value
from tests.tools_app.callers import ABEL, INSTANCE_URL
from tests.tools_app.desk import CORRELATION_ID, Desk
from tools_app.catalog import CATALOG
from tools_app.change_filters import ACCEPTED, encoded, in_timeframe
from tools_app.change_states import ways_on
from tools_app.spec import ToolCall, make_call

CHANGE = Record("change_request", "f" * 32, {"state": Value("-5", "New")})
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    """A client for an instance that always gives this answer."""
    return cookieless_client(transport=httpx.MockTransport(answer))


def call_over(http: httpx.AsyncClient) -> ToolCall:
    """A call of a writing tool over `http`."""
    client = ServiceNowClient(INSTANCE_URL, http=http, tokens=FixedToken("x"))
    return make_call(
        CATALOG["update_change_request"],
        caller=ABEL,
        client=client,
        correlation_id=CORRELATION_ID,
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"available_states": ["-4", "-5"], "state_label": {"-4": "Assess"}}, ["Assess"]),
        ({"available_states": ["7"], "state_label": None, "state_transitions": {}}, ["7"]),
        ({"available_states": [], "state_transitions": [[]]}, []),
        (
            {
                "available_states": ["0"],
                "state_transitions": [
                    ["odd", {"to_state": "0", "conditions": "odd"}],
                    [{"to_state": "0", "conditions": [{"condition": "odd"}, {}, 7]}],
                    7,
                ],
            },
            ["0"],
        ),
    ],
)
async def test_next_states_are_read_whatever_their_form(
    result: dict[str, object], expected: list[str]
) -> None:
    async with answering(lambda _: httpx.Response(200, json={"result": result})) as http:
        ways = await ways_on(call_over(http), CHANGE)
    assert [way.label for way in ways or ()] == expected


@pytest.mark.parametrize("result", [[], {}, {"available_states": "0"}, "x"])
async def test_next_states_that_are_no_list_are_not_as_documented(result: object) -> None:
    async with answering(lambda _: httpx.Response(200, json={"result": result})) as http:
        with pytest.raises(NotAsDocumented):
            await ways_on(call_over(http), CHANGE)


async def test_a_refusal_to_tell_next_states_keeps_its_reason() -> None:
    error = {"error": {"message": "Bad Request", "detail": "Not this one"}, "status": "failure"}
    async with answering(lambda _: httpx.Response(400, json=error)) as http:
        with pytest.raises(RejectedByInstance, match="Not this one"):
            await ways_on(call_over(http), CHANGE)


@pytest.mark.parametrize("result", [{}, [], {"sys_id": {"value": 7}}, {"sys_id": ""}])
async def test_a_record_made_through_an_api_without_a_sys_id_is_of_unknown_outcome(
    abel: Desk, result: object
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"result": result if request.method == "POST" else []})

    async with answering(answer) as http:
        with pytest.raises(OutcomeUnknown):
            await call_over(http).tables.create(
                "change_request",
                {"short_description": "x"},
                fields=["number"],
                path="/api/sn_chg_rest/change/normal",
            )


async def test_a_bad_request_through_an_api_is_left_to_who_asked(abel: Desk) -> None:
    with pytest.raises(BadRequest):
        await abel.tool_call("create_change_request").tables.create(
            "change_request", {"state": "3"}, fields=["number"], path="/api/sn_chg_rest/change"
        )


@pytest.mark.parametrize(
    ("frame", "query"),
    [
        ("upcoming", "active=true^start_date>2026-05-01 12:00:00"),
        (
            "in-progress",
            "active=true^start_date<=2026-05-01 12:00:00^end_date>=2026-05-01 12:00:00",
        ),
        ("completed", "end_date<2026-05-01 12:00:00"),
        (None, ""),
    ],
)
def test_a_timeframe_is_a_condition_on_planned_dates(frame: str | None, query: str) -> None:
    assert str(in_timeframe(frame, now=NOW)) == query


VALUES = st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=12)
FIELDS = st.sampled_from(["justification", "number", "short_description", "assigned_to.name"])
PLAIN = st.sampled_from(["=", "!=", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH", "%", "*", "!*"])


@given(
    parts=st.lists(st.tuples(FIELDS, PLAIN, VALUES), min_size=1, max_size=4),
    joins=st.lists(st.sampled_from(["^", "^OR"]), min_size=3, max_size=3),
)
async def test_an_encoded_query_means_the_same_after_it_was_taken_apart(
    parts: list[tuple[str, str, str]], joins: list[str]
) -> None:
    texts = [f"{name}{sign}{value.replace('^', '^^')}" for name, sign, value in parts]
    text = texts[0] + "".join(join + one for join, one in zip(joins, texts[1:], strict=False))
    before = parse(text.strip())
    compares_twice = any(sign == "=" and value.startswith("=") for _, sign, value in parts)
    if before.has_script() or compares_twice or not before.operators() <= ACCEPTED:
        return
    async with answering(lambda _: httpx.Response(200, json={"result": []})) as http:
        built = await encoded(call_over(http), "change_request", text)
    assert parse(str(built)) == before
