"""Where roles come from, what forms know of a table, and who the caller is."""

from typing import Any

from simulator.access.acls import Acl, Operation
from simulator.instance import Instance
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, NETWORK, Api, small_instance

ROLES = "/api/global/user_role_inheritance"
PAGE = "D User Role Inheritance API"


async def inherited(api: Api, user: str, path: str = ROLES) -> Any:
    return await api.result(path, by=DANA, user_sysid=user)


@fact("Roles are listed by the path on which they came, from roles and from groups", tag=PAGE)
async def test_roles_are_listed_by_the_path_on_which_they_came() -> None:
    api = Api()
    api.instance.insert("sys_group_has_role", {"group": NETWORK, "role": "role-itil_admin"})
    assert await inherited(api, BETH) == {
        "user_name": "beth.anglin",
        "from_group": ["[Network]/itil_admin", "[Network]/itil_admin/itil"],
        "from_role": ["/itil_admin", "/itil_admin/itil"],
    }
    assert await inherited(api, ABEL, "/api/global/v1/user_role_inheritance") == {
        "user_name": "abel.tuter",
        "from_group": [],
        "from_role": ["/itil"],
    }


async def test_roles_that_contain_one_another_are_listed_once() -> None:
    api = Api()
    circle = {"role": "role-itil", "contains": "role-itil_admin"}
    api.instance.insert("sys_user_role_contains", circle)
    assert (await inherited(api, ABEL))["from_role"] == ["/itil", "/itil/itil_admin"]


async def test_roles_of_the_groups_above_are_inherited_too() -> None:
    api = Api()
    office = api.instance.query("sys_user_group", "name=Office")[0]["sys_id"]
    api.instance.insert("sys_group_has_role", {"group": office, "role": "role-itil"})
    assert (await inherited(api, BETH))["from_group"] == ["[Office]/itil"]


@fact("Only user administrators see where roles come from", tag=PAGE)
async def test_only_user_administrators_see_it() -> None:
    for person in (ABEL, CHARLIE):
        answer = await Api().get(ROLES, by=person, user_sysid=person)
        assert (answer.status_code, answer.json()["error"]["message"]) == (
            403,
            "User Not Authorized",
        )


@fact("Asked for nobody's roles the answer is 200, and empty", tag="D Batch API, a sample answer")
async def test_nobody_has_no_roles() -> None:
    nobody = {"user_name": "", "from_group": [], "from_role": []}
    assert await Api().result(ROLES, by=DANA) == nobody
    assert (await Api().get(ROLES, by=DANA, user_sysid="f" * 32)).status_code == 404


async def test_without_its_plugin_there_is_no_such_api() -> None:
    switches = Switches(absent_plugins=("com.glide.role_management.inh_count.rest_api",))
    api = Api(small_instance(switches=switches))
    assert (await api.get(ROLES, by=DANA, user_sysid=ABEL)).status_code == 400


async def columns(api: Api, table: str, by: str = ABEL) -> dict[str, Any]:
    result = await api.result(f"/ui/meta/{table}", by=by)
    return dict(result["columns"])


@fact(
    "The metadata of a table tells each column's label, type, length and choices", tag="C WorkArena"
)
async def test_metadata_tells_what_a_column_is() -> None:
    found = await columns(Api(), "incident")
    assert found["short_description"]["label"] == "Short description"
    assert found["short_description"]["max_length"] == 160
    assert found["caller_id"]["type"] == "reference"
    assert found["caller_id"]["reference"] == "sys_user"
    assert found["caller_id"]["reference_display_field"] == "name"
    assert {"label": "New", "value": "1", "sequence": 1} in found["state"]["choices"]
    assert found["sys_created_on"]["read_only"] is True


@fact("The choices of a column that may be empty begin with -- None --", tag="C")
async def test_choices_begin_with_none_where_that_is_one() -> None:
    category = (await columns(Api(), "incident"))["category"]["choices"]
    assert category[0] == {"label": "-- None --", "value": ""}


async def test_columns_that_a_person_may_not_read_are_not_told() -> None:
    assert "user_password" not in await columns(Api(), "sys_user", by=CHARLIE)
    assert "user_password" in await columns(Api(), "sys_user", by=DANA)
    locked = (await columns(Api(), "sys_user", by=CHARLIE))["first_name"]
    assert locked["read_only"] is True


async def test_a_table_that_a_person_may_not_read_is_refused() -> None:
    api = Api()
    api.instance.access.add(
        Acl(table="cmn_department", operation=Operation.READ, roles=frozenset({"nobody"}))
    )
    assert (await api.get("/ui/meta/cmn_department", by=CHARLIE)).status_code == 403
    assert (await api.get("/ui/meta/u_nope", by=CHARLIE)).status_code == 400


async def test_a_table_that_somebody_added_has_metadata_too() -> None:
    api = Api()
    await api.post("/table/sys_db_object", {"name": "u_mine", "label": "Mine"}, by=DANA)
    found = await columns(api, "u_mine", by=DANA)
    assert found["sys_id"]["type"] == "GUID"


def person(instance: Instance, **values: str) -> None:
    instance.update("sys_user", ABEL, values)


@fact(
    "current_user tells sys_id, user name, display name and initials",
    tag="C clients that ask it with their token",
)
@fact("current_user tells the avatar of somebody who has a photo", tag="R")
async def test_the_current_user_may_have_an_avatar() -> None:
    api = Api()
    person(api.instance, first_name="Abel", last_name="Tuter")
    plain = await api.result("/ui/user/current_user")
    assert plain == {
        "user_sys_id": ABEL,
        "user_name": "abel.tuter",
        "user_display_name": "Abel Tuter",
        "user_initials": "AT",
    }
    person(api.instance, photo="e" * 32)
    shown = await api.result("/ui/user/current_user")
    assert shown["user_avatar"] == f"{'e' * 32}.iix?t=small"
