"""Finding people and groups, and oneself."""

import pytest

from servicenow.exceptions import NotAuthenticated, NotAuthorized, RecordNotFound
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments


@pytest.mark.parametrize("query", ["abel", "Abel T", "ABEL.TUTER@", "el.tut"])
async def test_a_person_is_found_by_part_of_name_user_name_or_e_mail(
    beth: Desk, query: str
) -> None:
    found = await beth.call("lookup_user", query=query)
    assert found["records"][0] | {"department": None} == {
        "sys_id": "62826bf03710200044e0bfc8bcbe5df1",
        "user_name": "abel.tuter",
        "name": "Abel Tuter",
        "email": "abel.tuter@example.com",
        "title": "Messaging Engineer",
        "department": None,
        "active": True,
    }
    assert found["more"] is False


async def test_a_person_is_found_by_sys_id_and_nobody_by_a_wrong_one(abel: Desk) -> None:
    found = await abel.call("lookup_user", query="46D44A23A9FE19810012D100CCA80666")
    assert [one["user_name"] for one in found["records"]] == ["beth.anglin"]
    nobody = await abel.call("lookup_user", query="f" * 32)
    assert (nobody["records"], nobody["count"], nobody["more"]) == ([], 0, False)


async def test_more_says_that_a_narrower_query_is_needed(abel: Desk) -> None:
    found = await abel.call("lookup_user", query="example.com", limit=3)
    assert (found["count"], found["more"]) == (3, True)
    assert "total" not in found


async def test_active_people_come_first(abel: Desk) -> None:
    for name, active in (("Zoe Zimmer", "false"), ("Zoe Zander", "true")):
        abel.instance.insert("sys_user", {"name": name, "user_name": name, "active": active})
    found = await abel.call("lookup_user", query="Zoe Z")
    assert [one["active"] for one in found["records"]] == [True, False]


async def test_a_match_in_a_field_that_the_person_may_not_see_is_no_match(abel: Desk) -> None:
    abel.instance.switches.query_field_acls = False
    abel.instance.access.add(
        Acl(table="sys_user", operation=Operation.READ, field="email", roles=frozenset({"admin"}))
    )
    for query, limit in (("anglin@example", 10), ("@example.com", 1)):
        found = await abel.call("lookup_user", query=query, limit=limit)
        assert (found["records"], found["more"]) == ([], False)
    by_name = await abel.call("lookup_user", query="Beth Anglin")
    assert by_name["hidden_fields"] == ["email"]


async def test_where_addresses_may_not_be_searched_people_are_found_by_name(abel: Desk) -> None:
    abel.instance.access.add(
        Acl(table="sys_user", operation=Operation.READ, field="email", roles=frozenset({"admin"}))
    )
    found = await abel.call("lookup_user", query="Anglin")
    assert [one["user_name"] for one in found["records"]] == ["beth.anglin"]
    listed = await abel.call("search_incidents", assigned_to="Beth Anglin", limit=1)
    assert listed["count"] == 1
    with pytest.raises(NotAuthorized):
        await abel.call("search_incidents", assigned_to="beth.anglin@example.com")


async def test_a_group_is_found_by_part_of_its_name_or_sys_id(abel: Desk) -> None:
    found = await abel.call("lookup_group", query="desk")
    assert [one["name"] for one in found["records"]] == ["Service Desk"]
    assert found["records"][0]["manager"]["name"] == "Beth Anglin"
    by_id = await abel.call("lookup_group", query=found["records"][0]["sys_id"])
    assert by_id["records"] == found["records"]
    assert (await abel.call("lookup_group", query="no such group"))["records"] == []


async def test_the_members_of_a_group_come_in_pages_sorted_by_name(abel: Desk) -> None:
    first = await abel.call("list_group_members", group="service desk", limit=2)
    assert first["group"]["name"] == "Service Desk"
    assert (first["count"], first["next_offset"]) == (2, 2)
    everybody = await abel.call("list_group_members", group=first["group"]["sys_id"], limit=100)
    names = [one["person"]["name"] for one in everybody["records"]]
    assert names == sorted(names)
    assert everybody["total"] == len(names)
    assert {"abel.tuter", "beth.anglin"} <= {one["user_name"] for one in everybody["records"]}


async def test_members_are_proved_by_their_group_not_by_the_query(abel: Desk) -> None:
    abel.instance.insert("sys_user_group", {"name": "Empty Group"})
    sys_id = abel.one("sys_user_group", "name=Empty Group")["sys_id"]
    abel.instance.switches.ignore_query_conditions = True
    found = await abel.call("list_group_members", group=sys_id, limit=100)
    assert found["records"] == []


async def test_a_group_name_that_several_have_comes_back_as_candidates(abel: Desk) -> None:
    for text in ("North", "South"):
        abel.instance.insert("sys_user_group", {"name": "Twins", "description": text})
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("list_group_members", group="twins")
    assert {one.detail for one in refused.value.candidates} == {"North", "South"}


async def test_an_unknown_group_says_which_tool_finds_it(abel: Desk) -> None:
    for group in ("No Such Group", "f" * 32):
        with pytest.raises(InvalidArguments) as refused:
            await abel.call("list_group_members", group=group)
        assert "lookup_group" in refused.value.next_step


async def test_my_profile_is_me_with_groups_and_roles(abel: Desk, charlie: Desk) -> None:
    mine = await abel.call("get_my_profile")
    assert (mine["user_name"], mine["name"]) == ("abel.tuter", "Abel Tuter")
    assert mine["email"] == "abel.tuter@example.com"
    assert {one["name"] for one in mine["groups"]} == {
        "Email Administration",
        "Service Desk",
        "Software",
    }
    assert "itil" in mine["roles"]
    assert mine["instance"] == "http://localhost:8090"
    his = await charlie.call("get_my_profile")
    assert (his["user_name"], his["groups"]) == ("charlie.whitherspoon", [])
    assert "itil" not in his["roles"]


async def test_roles_that_may_not_be_read_are_named_as_hidden(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/sys_user_has_role")
    mine = await abel.call("get_my_profile")
    assert "roles" not in mine
    assert mine["hidden_fields"] == ["roles"]


async def test_an_inactive_namesake_is_told_apart(abel: Desk) -> None:
    for user_name, active in (("kim.lee", "true"), ("kim.lee2", "false")):
        abel.instance.insert(
            "sys_user", {"name": "Kim Lee", "user_name": user_name, "active": active}
        )
    with pytest.raises(AmbiguousMatch) as refused:
        await abel.call("search_incidents", assigned_to="Kim Lee")
    assert [one.detail for one in refused.value.candidates] == ["kim.lee", "kim.lee2, inactive"]


async def test_a_user_name_beats_somebody_elses_full_name(abel: Desk) -> None:
    abel.instance.insert("sys_user", {"name": "beth.anglin", "user_name": "impostor"})
    found = await abel.call("search_incidents", assigned_to="beth.anglin", limit=1)
    assert found["records"][0]["assigned_to"]["name"] == "Beth Anglin"


async def test_a_person_without_a_live_token_gets_nothing(charlie: Desk) -> None:
    charlie.world.credentials.expire(user=charlie.caller.sys_id)
    for tool, arguments in (
        ("lookup_user", {"query": "abel"}),
        ("lookup_group", {"query": "desk"}),
        ("list_group_members", {"group": "Service Desk"}),
        ("get_my_profile", {}),
    ):
        with pytest.raises(NotAuthenticated):
            await charlie.call(tool, **arguments)


async def test_charlie_gets_no_profile_but_his_own(charlie: Desk) -> None:
    charlie.instance.switches.ignore_query_conditions = True
    his = await charlie.call("get_my_profile")
    assert his["sys_id"] == charlie.caller.sys_id
    assert his["groups"] == []


async def test_a_profile_that_is_not_there_any_more_is_not_found(abel: Desk) -> None:
    abel.fault(FaultKind.NOT_AUTHORIZED, count=0, path="/nowhere")
    with pytest.raises(RecordNotFound):
        await abel.tool_call("get_my_profile").tables.get(
            "sys_user", sys_id="f" * 32, fields=["name"]
        )
