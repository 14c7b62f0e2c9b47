"""Whatever a client sends, it gets an answer, never a 5xx, and the server goes on."""

import json
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.mcp_app.clients import ENVELOPE, MODERN, Http, request
from tests.mcp_app.people import Person
from tools_app.catalog import CATALOG

METHODS = [
    "initialize",
    "ping",
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "prompts/get",
    "completion/complete",
    "logging/setLevel",
    "subscriptions/listen",
    "notifications/cancelled",
    "notifications/initialized",
    "",
]
TEXTS = st.text(max_size=20) | st.sampled_from(["\u202e", "\ud7ff", "' OR 1=1", "^ORactive=true"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)
NAMES = st.sampled_from([*CATALOG, "nonsense"]) | VALUES
IDS = st.integers(-(10**30), 10**30) | TEXTS
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "arguments": VALUES,
        "cursor": VALUES,
        "_meta": VALUES | st.just(ENVELOPE),
        "protocolVersion": VALUES,
        "requestId": VALUES,
    },
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(METHODS),
    params=PARAMS,
    id_=IDS,
    version=st.sampled_from(["", "2025-06-18", "2025-11-25", MODERN, "1999-01-01"]),
    repeats=st.booleans(),
)
async def test_no_message_is_a_fault_of_ours(
    mcp: Http,
    abel: Person,
    simulator: object,
    *,
    method: str,
    params: dict[str, Any],
    id_: object,
    version: str,
    repeats: bool,
):
    if not hasattr(mcp, "token"):
        mcp.token = await abel.reconnect_token(access="read")
    headers = {"MCP-Protocol-Version": version} if version else {}
    if repeats:
        headers |= {"Mcp-Method": method, "Mcp-Name": "get_my_profile"}
    message = {**request(method, id_=id_), "params": params}
    answer = await mcp.post(json.dumps(message).encode(), token=mcp.token, headers=headers)
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    alive = await mcp.post(request("ping"), token=mcp.token)
    assert alive.status_code == 200
