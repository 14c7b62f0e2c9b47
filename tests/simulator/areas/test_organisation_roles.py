"""Roles that come from groups and from other roles, and who may give them."""

import pytest

from simulator.instance import Instance
from simulator.seed import ids
from simulator.seed.planting import seeded
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, NETWORK, NOW, OFFICE, Api

MEMBERS, HELD, OF_GROUPS = (
    "/table/sys_user_grmember",
    "/table/sys_user_has_role",
    "/table/sys_group_has_role",
)


@pytest.fixture
def api() -> Api:
    """The Table API of a small instance in which Charlie administers users."""
    api = Api()
    api.instance.insert("sys_user_has_role", {"user": CHARLIE, "role": "role-user_admin"})
    return api


def held(api: Api, user: str) -> set[tuple[str, str, str]]:
    """Inherited roles of somebody: the role, the group, the role that contains it."""
    rows = api.instance.query("sys_user_has_role", f"user={user}^inherited=true")
    return {(row["role"], row["granted_by"], row["included_in_role"]) for row in rows}


async def made(api: Api, path: str, values: dict[str, str], *, by: str = DANA) -> str:
    response = await api.post(path, values, by=by)
    assert response.status_code == 201, response.text
    sys_id: str = response.json()["result"]["sys_id"]
    return sys_id


@fact(
    "Members of a group have inherited rows of sys_user_has_role for the roles of the group",
    tag="D c_Roles",
)
async def test_a_member_inherits_the_roles_of_the_group_and_loses_them_again(api: Api) -> None:
    await made(api, OF_GROUPS, {"group": NETWORK, "role": "role-network_lead"})
    membership = await made(api, MEMBERS, {"user": ABEL, "group": NETWORK}, by=CHARLIE)
    assert held(api, ABEL) == {("role-network_lead", NETWORK, "")}
    person = api.instance.person(ABEL)
    assert person is not None
    assert person.roles == {"itil", "network_lead"}
    left = await api.call("DELETE", f"{MEMBERS}/{membership}", by=CHARLIE)
    assert left.status_code == 204
    assert held(api, ABEL) == set()


@fact("A role given to a group reaches the members of the groups below it", tag="D c_Groups")
async def test_a_role_of_a_group_reaches_the_groups_below(api: Api) -> None:
    given = await made(api, OF_GROUPS, {"group": OFFICE, "role": "role-network_lead"})
    assert held(api, BETH) == {("role-network_lead", NETWORK, "")}
    await made(api, MEMBERS, {"user": ABEL, "group": NETWORK})
    assert held(api, ABEL) == {("role-network_lead", NETWORK, "")}
    await api.call("DELETE", f"{OF_GROUPS}/{given}", by=DANA)
    assert held(api, BETH) == held(api, ABEL) == set()


@fact("Who gets a role gets an inherited row for each role it contains", tag="D c_Roles")
async def test_contained_roles_come_and_go_with_the_role(api: Api) -> None:
    given = await made(api, HELD, {"user": ABEL, "role": "role-itil_admin"}, by=CHARLIE)
    assert held(api, ABEL) == {("role-itil", "", "role-itil_admin")}
    await api.call("DELETE", f"{HELD}/{given}", by=CHARLIE)
    assert held(api, ABEL) == set()
    kept = api.instance.query("sys_user_has_role", f"user={ABEL}")
    assert [row["role"] for row in kept] == ["role-itil"]


async def test_a_group_gives_what_its_roles_contain(api: Api) -> None:
    given = await made(api, OF_GROUPS, {"group": NETWORK, "role": "role-itil_admin"})
    again = await made(api, OF_GROUPS, {"group": NETWORK, "role": "role-itil_admin"})
    expected = {("role-itil_admin", NETWORK, ""), ("role-itil", NETWORK, "role-itil_admin")}
    assert held(api, BETH) == expected
    assert api.instance.count("sys_user_has_role", f"user={BETH}^inherited=true") == 2
    for sys_id in (given, again):
        await api.call("DELETE", f"{OF_GROUPS}/{sys_id}", by=DANA)
    assert held(api, BETH) == set()


async def test_circles_of_groups_and_roles_do_no_harm(api: Api) -> None:
    api.instance.update("sys_user_group", OFFICE, {"parent": NETWORK})
    around = {"role": "role-itil", "contains": "role-itil_admin"}
    api.instance.insert("sys_user_role_contains", around)
    await made(api, OF_GROUPS, {"group": OFFICE, "role": "role-itil_admin"})
    await made(api, MEMBERS, {"user": ABEL, "group": OFFICE})
    roles = {role for role, _, _ in held(api, ABEL)}
    assert roles == {"role-itil_admin", "role-itil"}


@fact("Only an administrator grants the role admin", tag="R")
async def test_a_user_administrator_does_not_make_administrators(api: Api) -> None:
    chief = await made(api, "/table/sys_user_group", {"name": "Chiefs"}, by=CHARLIE)
    api.instance.insert("sys_group_has_role", {"group": chief, "role": "role-admin"})
    for path, values in (
        (HELD, {"user": CHARLIE, "role": "role-admin"}),
        (MEMBERS, {"user": CHARLIE, "group": chief}),
        ("/table/sys_user_group", {"name": "Below", "parent": chief}),
    ):
        response = await api.post(path, values, by=CHARLIE)
        assert response.status_code == 403, path
        assert "'Only administrators grant admin^" in response.json()["error"]["detail"]
        assert (await api.post(path, {**values, "user": ABEL}, by=DANA)).status_code == 201
    moved = await api.patch(f"/table/sys_user_group/{OFFICE}", {"parent": chief}, by=CHARLIE)
    assert moved.status_code == 403
    mine = await made(api, HELD, {"user": CHARLIE, "role": "role-itil"}, by=CHARLIE)
    raised = await api.patch(f"{HELD}/{mine}", {"role": "role-admin"}, by=CHARLIE)
    assert raised.status_code == 403


def test_the_demo_has_inherited_rows_that_change_nobodys_rights() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    rows = instance.query("sys_user_has_role", "inherited=true")
    assert {bool(row["granted_by"]) for row in rows} == {True, False}
    before = {row["user"]: instance.person(row["user"]) for row in rows}
    for row in rows:
        instance.delete("sys_user_has_role", row["sys_id"])
    for row in instance.query("sys_group_has_role"):
        instance.delete("sys_group_has_role", row["sys_id"])
    for user, person in before.items():
        now = instance.person(user)
        assert person is not None
        assert now is not None
        assert now.roles == person.roles
    assert ids.person_id("fred.luddy") in before


async def test_a_membership_that_is_moved_takes_its_roles_along(api: Api) -> None:
    await made(api, OF_GROUPS, {"group": NETWORK, "role": "role-network_lead"})
    membership = await made(api, MEMBERS, {"user": ABEL, "group": NETWORK})
    assert roles(api, ABEL) == {"itil", "network_lead"}
    moved = await api.patch(f"{MEMBERS}/{membership}", {"user": DANA}, by=CHARLIE)
    assert moved.status_code == 200
    assert roles(api, ABEL) == {"itil"}
    assert held(api, ABEL) == set()
    assert held(api, DANA) == {("role-network_lead", NETWORK, "")}


async def test_nobody_keeps_a_role_of_a_group_that_is_gone(api: Api) -> None:
    await made(api, OF_GROUPS, {"group": NETWORK, "role": "role-network_lead"})
    assert "network_lead" in roles(api, BETH)
    gone = await api.call("DELETE", f"/table/sys_user_group/{NETWORK}", by=CHARLIE)
    assert gone.status_code == 204
    assert roles(api, BETH) == {"itil", "itil_admin"}
    assert held(api, BETH) == set()
    assert api.instance.query("sys_user_grmember", f"group={NETWORK}") == []


async def test_nobody_keeps_what_a_group_above_or_a_role_above_no_longer_gives(api: Api) -> None:
    await made(api, OF_GROUPS, {"group": OFFICE, "role": "role-network_lead"})
    assert "network_lead" in roles(api, BETH)
    await api.patch(f"/table/sys_user_group/{NETWORK}", {"parent": ""}, by=DANA)
    assert roles(api, BETH) == {"itil", "itil_admin"}
    (contained,) = api.instance.query("sys_user_role_contains", "role=role-itil_admin")
    path = f"/table/sys_user_role_contains/{contained['sys_id']}"
    assert (await api.call("DELETE", path, by=DANA)).status_code == 204
    assert roles(api, BETH) == {"itil_admin"}


def roles(api: Api, user: str) -> frozenset[str]:
    """What somebody may do."""
    person = api.instance.person(user)
    assert person is not None
    return person.roles
