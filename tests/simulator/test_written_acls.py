"""Access controls that somebody inserts as rows of `sys_security_acl`."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, SALES, SECOND, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def acl(api: Api, *, role: str = "", **values: str) -> str:
    """An ACL that an administrator inserts, for a role if one is named; its sys_id."""
    response = await api.post("/table/sys_security_acl", {"operation": "read", **values}, by=DANA)
    assert response.status_code == 201, response.text
    sys_id = str(response.json()["result"]["sys_id"])
    if role:
        link = {"sys_security_acl": sys_id, "sys_user_role": f"role-{role}"}
        assert (await api.post("/table/sys_security_acl_role", link, by=DANA)).status_code == 201
    return sys_id


async def seen(api: Api, table: str, *, by: str) -> int:
    """How many records a person reads."""
    return len(await api.result(f"/table/{table}", by=by))


@fact("The most specific ACL of a table decides, and those of one level add up", tag="D ACL rules")
async def test_an_acl_of_a_table_decides_who_reads_it(api: Api) -> None:
    assert await seen(api, "cmn_department", by=CHARLIE) == 1
    await acl(api, name="cmn_department", role="itil_admin")
    assert await seen(api, "cmn_department", by=CHARLIE) == 0
    assert await seen(api, "cmn_department", by=BETH) == 1
    await acl(api, name="cmn_department", role="itil")
    assert await seen(api, "cmn_department", by=ABEL) == 1


@fact("The condition of an ACL is asked of each record", tag="D ACL rules")
async def test_a_condition_is_asked_of_each_record(api: Api) -> None:
    await acl(api, name="sys_user", condition="vip=true^ORsys_id=javascript:gs.getUserID()")
    rows = await api.result("/table/sys_user", by=CHARLIE, sysparm_fields="user_name")
    assert [row["user_name"] for row in rows] == ["beth.anglin", "charlie.whitherspoon"]
    assert (await api.get(f"/table/sys_user/{ABEL}", by=CHARLIE)).status_code == 404


async def test_a_condition_may_look_along_a_reference(api: Api) -> None:
    await acl(api, name="sys_user", condition="department.name=Sales")
    rows = await api.result("/table/sys_user", by=CHARLIE, sysparm_fields="user_name")
    assert [row["user_name"] for row in rows] == ["beth.anglin"]


@fact("An ACL of a field hides the field and leaves the record readable", tag="D ACL rules")
async def test_an_acl_of_a_field_hides_it(api: Api) -> None:
    await acl(api, name="incident.short_description", role="itil_admin")
    assert "short_description" not in await api.result(f"/table/incident/{FIRST}", by=ABEL)
    assert "short_description" in await api.result(f"/table/incident/{FIRST}", by=BETH)


async def test_an_acl_of_all_fields_and_of_a_write(api: Api) -> None:
    await acl(api, name="cmn_department.*", operation="read", role="itil_admin")
    assert await api.result(f"/table/cmn_department/{SALES}", by=ABEL) == {}
    await acl(api, name="cmn_department", operation="write", role="itil")
    path = f"/table/cmn_department/{SALES}"
    await api.patch(path, {"name": "Selling"}, by=ABEL)
    assert (await api.result(path, by=DANA))["name"] == "Selling"
    await acl(api, name="cmn_department.name", operation="write", role="itil_admin")
    await api.patch(path, {"name": "Marketing"}, by=ABEL)
    assert (await api.result(path, by=DANA))["name"] == "Selling"


async def test_an_acl_may_be_switched_off_and_deleted(api: Api) -> None:
    sys_id = await acl(api, name="cmn_department", role="itil_admin")
    path = f"/table/sys_security_acl/{sys_id}"
    await api.patch(path, {"active": "false"}, by=DANA)
    assert await seen(api, "cmn_department", by=CHARLIE) == 1
    await api.patch(path, {"active": "true"}, by=DANA)
    assert await seen(api, "cmn_department", by=CHARLIE) == 0
    await api.call("DELETE", path, by=DANA)
    assert await seen(api, "cmn_department", by=CHARLIE) == 1


@fact("An ACL with admin_overrides off binds administrators, too", tag="D Admin overrides")
async def test_an_acl_may_bind_administrators(api: Api) -> None:
    await acl(api, name="cmn_department", condition="name=Other", admin_overrides="false")
    assert await seen(api, "cmn_department", by=DANA) == 0


@fact("A Deny Unless ACL must hold whatever others allow", tag="D Deny-Unless ACL")
async def test_a_denial_outweighs_permissions(api: Api) -> None:
    await acl(api, name="incident", decision_type="deny", condition="state=1")
    rows = await api.result("/table/incident", by=ABEL, sysparm_fields="state")
    assert [row["state"] for row in rows] == ["1"]


@pytest.mark.parametrize(
    ("script", "readable"),
    [("answer = true;", 1), ("answer = false;", 0), ("answer = gs.isLoggedIn();", 0), ("", 1)],
)
async def test_scripts_are_not_run_but_a_plain_answer_is_one(
    api: Api, script: str, readable: int
) -> None:
    await acl(api, name="cmn_department", advanced="true", script=script)
    assert await seen(api, "cmn_department", by=CHARLIE) == readable


@pytest.mark.parametrize(
    "values",
    [
        {"operation": "execute"},
        {"operation": "no such"},
        {"type": "processor"},
        {"name": "u_nowhere"},
    ],
)
async def test_acls_about_other_things_change_nothing(api: Api, values: dict[str, str]) -> None:
    await acl(api, **{"name": "cmn_department", "condition": "name=x", **values})
    assert await seen(api, "cmn_department", by=CHARLIE) == 1


@fact(
    "Query ACLs say who may search in a field; without one it is who may read it",
    tag="D query-acl-rule",
)
async def test_a_query_acl_decides_who_searches_in_a_field(api: Api) -> None:
    await acl(api, name="sys_user.email", operation="query_range", role="itil_admin")
    match, range_ = "email=abel@example.com", "emailSTARTSWITHa"
    for person, query, expected in (
        (ABEL, match, 200),
        (ABEL, range_, 403),
        (ABEL, "ORDERBYemail", 403),
        (BETH, range_, 200),
    ):
        response = await api.get("/table/sys_user", by=person, sysparm_query=query)
        assert response.status_code == expected, (person, query)
    await acl(api, name="sys_user.email", operation="query_match", role="itil_admin")
    response = await api.get("/table/sys_user", by=ABEL, sysparm_query=match)
    assert response.json()["error"]["message"] == "Insufficient rights to query records"


async def test_a_query_acl_may_open_a_field_that_is_not_read(api: Api) -> None:
    query = "failed_attempts=2"
    assert (await api.get("/table/sys_user", sysparm_query=query)).status_code == 403
    await acl(api, name="sys_user.failed_attempts", operation="query_match", role="itil")
    rows = await api.result("/table/sys_user", sysparm_query=query, sysparm_fields="user_name")
    assert rows == [{"user_name": "charlie.whitherspoon"}]


async def test_built_in_acls_are_rows_that_may_be_switched_off(api: Api) -> None:
    query = "name=sys_user.home_phone^operation=read"
    rows = await api.result("/table/sys_security_acl", by=DANA, sysparm_query=query)
    assert len(rows) == 2
    assert "home_phone" not in await api.result(f"/table/sys_user/{BETH}", by=CHARLIE)
    for row in rows:
        path = f"/table/sys_security_acl/{row['sys_id']}"
        assert (await api.patch(path, {"condition": "x=1"}, by=DANA)).status_code == 403
        assert (await api.patch(path, {"active": "false"}, by=DANA)).status_code == 200
    assert "home_phone" in await api.result(f"/table/sys_user/{BETH}", by=CHARLIE)


async def test_acls_are_for_administrators(api: Api) -> None:
    response = await api.post("/table/sys_security_acl", {"name": "incident"}, by=BETH)
    assert response.status_code == 403
    assert (await api.get(f"/table/incident/{SECOND}")).status_code == 200
