"""What the CMDB APIs refuse or leave alone: bodies, headers, records beside items, relations."""

import pytest

from simulator.access.acls import CREATE, Acl
from simulator.api.requests import LARGEST_BODY
from tests.simulator.areas.small_cmdb import DEPENDS, SERVICE, WEB, cmdb
from tests.simulator.small_instance import ABEL, FIRST, MAIL, Api

ADDRESSES = (
    ("POST", "/identifyreconcile"),
    ("POST", "/cmdb/instance/cmdb_ci_server"),
    ("PATCH", f"/cmdb/instance/cmdb_ci/{WEB}"),
    ("POST", f"/cmdb/instance/cmdb_ci/{WEB}/relation"),
)


@pytest.fixture
def api() -> Api:
    """The APIs of a small instance with configuration items."""
    return cmdb()


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", None, 400),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b" " * (LARGEST_BODY + 1), "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    api: Api, method: str, path: str, content: bytes, kind: str | None, status: int
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = await api.call(method, path, content=content, headers=headers)
    assert response.status_code == status
    assert response.json()["status"] == "failure"


async def sent(api: Api, **body: object) -> dict[str, object]:
    """The first item of a reconciliation."""
    response = await api.post("/identifyreconcile", body, sysparm_data_source="ServiceNow")
    assert response.status_code == 200, response.text
    told: dict[str, object] = response.json()["result"]["items"][0]
    return told


@pytest.mark.parametrize(
    "beside", ["incident", "nope", "", "cmdb_rel_type", "sys_user", "cmdb_ci_server"]
)
async def test_only_what_comes_with_items_is_kept_beside_them(api: Api, beside: str) -> None:
    api.instance.update("incident", FIRST, {"cmdb_ci": WEB})
    before = {name: api.instance.count(name) for name in ("incident", "sys_user", "cmdb_ci")}
    lookup = [{"className": beside, "values": {}}]
    one = {"className": "cmdb_ci_linux_server", "values": {"name": "web-01"}, "lookup": lookup}
    told = await sent(api, items=[one])
    assert (told["sysId"], told["relatedSysIds"]) == (WEB, [None])
    assert before == {name: api.instance.count(name) for name in before}


@pytest.mark.parametrize("spoiled", [{"table": "gone"}, {"attributes": "gone"}])
async def test_a_rule_of_a_table_or_field_that_is_gone_finds_nothing(
    api: Api, spoiled: dict[str, str]
) -> None:
    for entry in api.instance.query("cmdb_identifier_entry", "attributes=name"):
        api.instance.update("cmdb_identifier_entry", entry["sys_id"], spoiled)
    values = {"name": "web-01", "gone": "1"}
    told = await sent(api, items=[{"className": "cmdb_ci_linux_server", "values": values}])
    assert told["operation"] == "INSERT"


async def test_a_relation_that_may_not_be_made_is_told(api: Api) -> None:
    acl = Acl(table="cmdb_rel_ci", operation=CREATE, roles=frozenset({"admin"}), deny_unless=True)
    api.instance.access.add(acl)
    body = {
        "items": [
            {"className": "cmdb_ci_linux_server", "values": {"name": name}} for name in ("a", "b")
        ],
        "relations": [{"parent": 0, "child": 1, "type": "Depends on::Used by"}],
    }
    response = await api.post("/identifyreconcile", body, sysparm_data_source="ServiceNow")
    (relation,) = response.json()["result"]["relations"]
    assert relation["errors"][0]["error"] == "ABANDONED"
    asked = {"source": "ServiceNow", "outbound_relations": [{"type": DEPENDS, "target": SERVICE}]}
    refused = await api.post(f"/cmdb/instance/cmdb_ci/{MAIL}/relation", asked, by=ABEL)
    assert refused.status_code == 403


async def test_an_item_whose_relations_are_refused_is_not_made(api: Api) -> None:
    closed = Acl(
        table="cmdb_rel_ci", operation=CREATE, roles=frozenset({"admin"}), deny_unless=True
    )
    api.instance.access.add(closed)
    body = {
        "source": "ServiceNow",
        "attributes": {"name": "web-09", "serial_number": "SN-9"},
        "outbound_relations": [{"type": DEPENDS, "target": MAIL}],
    }
    response = await api.post("/cmdb/instance/cmdb_ci_linux_server", body)
    assert response.status_code == 403
    assert api.instance.query("cmdb_ci", "name=web-09") == []
