"""Whatever a client sends to the Change Management API, it is never an answer of 5xx."""

from typing import Any

import pytest

from tests.simulator.areas.changes_world import MANAGER, Changes
from tests.simulator.small_instance import MAIL

CHG = "/api/sn_chg_rest/change"
LARGE = 10**30

ADDRESSES = (
    *("", "/normal", "/emergency", "/standard", "/model", "/standard/template"),
    *("/{one}", "/normal/{one}", "/standard/{one}", "/model/{one}", "/worker/{one}"),
    *("/{one}/nextstates", "/{one}/approvals", "/{one}/risk", "/{one}/conflict"),
    *("/{one}/schedule", "/{one}/schedule/first_available", "/{one}/ci", "/{one}/task"),
    *("/{one}/task/{one}", "/{one}/refresh_impacted_services", f"/ci/{MAIL}/schedule"),
)

BODIES: tuple[Any, ...] = (
    {"state": LARGE, "risk": LARGE, "scope": -LARGE, "duration_in_seconds": LARGE},
    {"state": None, "type": [], "chg_model": {}, "cmdb_ci_sys_ids": None},
    {"state": {"value": {"value": []}}, "comments": {"display_value": 1e300}},
    {"start_date": "9999-12-31 23:59:59", "end_date": "0001-01-01 00:00:00", "cmdb_ci": MAIL},
    {"planned_start_time": "0001-01-01 00:00:00", "duration_in_seconds": 1},
    {"association_type": "affected", "cmdb_ci_sys_ids": ",,,"},
    {"association_type": "impacted", "cmdb_ci_sys_ids": ["\u0000", "^", "\u202e"]},
    {"": "", "__meta": 1, "sys_id": "^", "number": "\u0000"},
    [[]],
    [{"state": "assess"}],
    "text",
    7,
)

QUERIES = (
    {"sysparm_query": "^^^OR^NQ^ORDERBY", "order": "no such field"},
    {"sysparm_query": "state=javascript:gs.getUserID()", "sysparm_limit": str(LARGE)},
    {"sysparm_limit": "-1", "sysparm_offset": str(LARGE)},
    {"sysparm_offset": "-1"},
    {"textSearch": '"*(', "order": "assigned_to.manager.name"},
    {"state": "^", "assigned_to": "\u0000", "nothing": "%"},
    {"association_type": "offering", "duration_in_seconds": "1e9"},
)


@pytest.fixture
def api() -> Changes:
    """A fresh instance with the change models."""
    return Changes()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_sent_is_a_server_error(api: Changes, address: str) -> None:
    path = CHG + address.replace("{one}", await api.created(cmdb_ci=MAIL))
    for body in BODIES:
        for method in ("POST", "PATCH"):
            answer = await api.call(method, path, by=MANAGER, json=body)
            assert answer.status_code < 500, (method, body, answer.text)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_asked_is_a_server_error(api: Changes, address: str) -> None:
    path = CHG + address.replace("{one}", await api.created(cmdb_ci=MAIL))
    for query in QUERIES:
        answer = await api.get(path, by=MANAGER, **query)
        assert answer.status_code < 500, (query, answer.text)


@pytest.mark.parametrize("content", [b"\xff", b"[", b'{"state": "\\ud800"}', b"null"])
async def test_what_is_no_json_is_400(api: Changes, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in (CHG, f"{CHG}/{await api.created()}"):
        method = "POST" if path == CHG else "PATCH"
        answer = await api.call(method, path, content=content, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["status"] == "failure"


async def test_another_kind_of_body_is_refused(api: Changes) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = await api.call("POST", CHG, content=b"state=1", headers=headers)
    assert 400 <= answer.status_code < 500
    assert api.instance.count("change_request") == 0
