"""Who may read and write what: row ACLs, field ACLs, roles that come by other ways."""

import pytest

from simulator.access.acls import Acl, Operation
from simulator.switches import Switches
from tests.simulator.facts import fact
from tests.simulator.small_instance import (
    ABEL,
    BETH,
    CHARLIE,
    DANA,
    FIFTH,
    FIRST,
    NETWORK,
    OFFICE,
    SECOND,
    Api,
    small_instance,
)


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def readable(
    api: Api, table: str, field: str = "sys_id", *, by: str, **more: str
) -> set[str]:
    """One field of all the rows a person gets."""
    rows = await api.result(f"/table/{table}", by=by, sysparm_fields=field, **more)
    return {row.get(field, "") for row in rows}


def roles(api: Api, person: str) -> set[str]:
    """The roles somebody holds."""
    found = api.instance.person(person)
    assert found is not None
    return set(found.roles)


@fact("Without a role people read the incidents they called in, opened or watch", tag="R")
async def test_without_a_role_people_read_incidents_they_take_part_in(api: Api) -> None:
    watched = api.instance.insert("incident", {"number": "W", "watch_list": f"{ABEL},{CHARLIE}"})
    assert await readable(api, "incident", by=CHARLIE) == {SECOND, FIFTH, watched}
    assert len(await readable(api, "incident", by=ABEL)) == 6


@fact("A field the person may not write is ignored, and the write is 200", tag="KB KB2971488")
async def test_a_caller_changes_some_fields_and_the_rest_is_ignored(api: Api) -> None:
    response = await api.patch(
        f"/table/incident/{SECOND}",
        {"short_description": "Still drops", "state": "6", "assigned_to": CHARLIE},
        by=CHARLIE,
        sysparm_exclude_reference_link="true",
    )
    record = response.json()["result"]
    assert response.status_code == 200
    assert record["short_description"] == "Still drops"
    assert (record["state"], record["assigned_to"]) == ("2", BETH)


async def test_charlie_may_not_change_an_incident_he_only_watches(api: Api) -> None:
    watched = api.instance.insert("incident", {"number": "W", "watch_list": CHARLIE})
    response = await api.patch(f"/table/incident/{watched}", {"comments": "Hi"}, by=CHARLIE)
    assert response.status_code == 403


@fact("A closed incident is changed by administrators only", tag="R")
async def test_a_closed_incident_is_changed_by_administrators_only(api: Api) -> None:
    for person in (ABEL, BETH):
        response = await api.patch(f"/table/incident/{FIFTH}", {"category": "x"}, by=person)
        assert response.status_code == 403
    response = await api.patch(f"/table/incident/{FIFTH}", {"category": "x"}, by=DANA)
    assert response.json()["result"]["category"] == "x"


@fact(
    "A field the person may not read is absent from the record, without an error", tag="D Table API"
)
async def test_fields_people_may_not_read_are_left_out(api: Api) -> None:
    everything = await api.result(f"/table/sys_user/{CHARLIE}", by=DANA)
    for name in ("failed_attempts", "user_password", "roles"):
        assert name in everything
        assert name not in await api.result(f"/table/sys_user/{CHARLIE}", by=ABEL)
    walked = await api.result(
        f"/table/incident/{SECOND}", sysparm_fields="caller_id.roles,caller_id.name"
    )
    assert walked == {"caller_id.name": "Charlie Whitherspoon"}


async def test_a_field_may_depend_on_whose_record_it_is(api: Api) -> None:
    rows = await api.result(
        "/table/sys_user", by=CHARLIE, sysparm_fields="home_phone", sysparm_query="home_phone!="
    )
    assert rows == [{}, {"home_phone": "555-2"}]
    walked = await api.result(
        "/table/incident",
        by=CHARLIE,
        sysparm_fields="caller_id.home_phone,opened_by.home_phone",
        sysparm_query="number=INC0000002",
    )
    assert walked == [{"caller_id.home_phone": "555-2"}]


@fact("People change some details of their own sys_user record and nobody else's", tag="R")
async def test_people_change_their_own_details_and_nobody_elses(api: Api) -> None:
    own = await api.patch(
        f"/table/sys_user/{CHARLIE}", {"mobile_phone": "1", "user_name": "root"}, by=CHARLIE
    )
    assert own.json()["result"]["mobile_phone"] == "1"
    assert own.json()["result"]["user_name"] == "charlie.whitherspoon"
    other = await api.patch(f"/table/sys_user/{BETH}", {"mobile_phone": "1"}, by=CHARLIE)
    assert other.status_code == 403


@fact("People read and write their own preferences only", tag="R")
async def test_preferences_are_everybodys_own(api: Api) -> None:
    for person in (ABEL, BETH):
        body = {"name": "theme", "user": person, "value": "dark"}
        assert (await api.post("/table/sys_user_preference", body, by=person)).status_code == 201
    foreign = {"name": "theme", "user": BETH, "value": "light"}
    assert (await api.post("/table/sys_user_preference", foreign)).status_code == 403
    assert await readable(api, "sys_user_preference", "user.user_name", by=ABEL) == {"abel.tuter"}


@fact("People read their own rows of sys_user_has_role, not those of others", tag="R")
async def test_people_see_their_own_roles_only(api: Api) -> None:
    assert await readable(api, "sys_user_has_role", "user.name", by=BETH) == {"Beth Anglin"}
    assert len(await readable(api, "sys_user_has_role", by=DANA)) == 3


@fact("sys_journal_field is closed to people without admin", tag="R")
async def test_journal_rows_are_for_administrators_unless_the_instance_opens_them() -> None:
    api = Api(small_instance(switches=Switches()))
    response = await api.get("/table/sys_journal_field")
    assert (response.json()["result"], response.headers["x-total-count"]) == ([], "3")
    assert len(await readable(api, "sys_journal_field", by=DANA)) == 3
    api.instance.switches.journal_rows_readable = True
    assert len(await readable(api, "sys_journal_field", by=ABEL)) == 3
    assert await readable(api, "sys_journal_field", by=CHARLIE) == set()


@fact("People with itil read the dictionary and the choices", tag="R")
async def test_the_dictionary_is_for_itil_unless_the_instance_closes_it(api: Api) -> None:
    for table in ("sys_dictionary", "sys_db_object", "sys_choice"):
        assert await readable(api, table, by=ABEL)
        assert await readable(api, table, by=CHARLIE) == set()
    api.instance.switches.dictionary_readable = False
    assert await readable(api, "sys_choice", by=ABEL) == set()
    assert await readable(api, "sys_choice", by=DANA)


async def test_a_table_somebody_may_never_read_is_empty_for_them(api: Api) -> None:
    api.instance.insert("sys_properties", {"name": "a", "value": "b"})
    assert await readable(api, "sys_properties", by=ABEL) == set()
    assert len(await readable(api, "sys_properties", by=DANA)) == 1


async def test_tasks_of_no_class_of_their_own_need_itil_or_a_part_in_them(api: Api) -> None:
    mine = api.instance.insert("task", {"number": "T1", "assigned_to": CHARLIE})
    api.instance.insert("task", {"number": "T2"})
    plain = {"sysparm_query": "sys_class_name=task"}
    assert await readable(api, "task", by=CHARLIE, **plain) == {mine}
    assert len(await readable(api, "task", by=ABEL, **plain)) == 2


@fact("A role brings the roles it contains", tag="D Roles")
def test_a_role_brings_the_roles_it_contains(api: Api) -> None:
    assert roles(api, BETH) == {"itil_admin", "itil"}


@fact("A group gives its members its roles and those of the groups above it", tag="D Groups")
def test_a_group_gives_its_roles_and_those_of_the_groups_above(api: Api) -> None:
    api.instance.insert("sys_group_has_role", {"group": OFFICE, "role": "role-network_lead"})
    api.instance.insert("sys_user_grmember", {"user": CHARLIE, "group": NETWORK})
    assert roles(api, CHARLIE) == {"network_lead"}
    person = api.instance.person(CHARLIE)
    assert person is not None
    assert person.groups == (NETWORK,)


def test_a_role_that_is_taken_away_is_gone_at_once(api: Api) -> None:
    (given,) = api.instance.query("sys_user_has_role", f"user={BETH}")
    api.instance.delete("sys_user_has_role", given["sys_id"])
    assert roles(api, BETH) == set()


def test_a_field_that_does_not_exist_is_nobodys_secret(api: Api) -> None:
    person = api.instance.person(CHARLIE)
    assert person is not None
    assert api.instance.access.may_query(person, "sys_user", "u_nope")
    assert not api.instance.access.may_query(person, "sys_user", "roles")


def test_nobody_is_no_person(api: Api) -> None:
    assert api.instance.person("f" * 32) is None


async def test_deny_unless_outweighs_every_permission(api: Api) -> None:
    lead = frozenset({"network_lead"})
    denial = Acl(table="incident", operation=Operation.READ, roles=lead, deny_unless=True)
    api.instance.access.add(denial)
    assert await readable(api, "incident", by=ABEL) == set()
    assert len(await readable(api, "incident", by=DANA)) == 5
    api.instance.insert("sys_user_has_role", {"user": ABEL, "role": "role-network_lead"})
    assert len(await readable(api, "incident", by=ABEL)) == 5


async def test_a_denial_alone_lets_everybody_else_through(api: Api) -> None:
    def is_network(_: object, row: object) -> bool:
        assert isinstance(row, dict)
        return bool(row["name"] == "Network")

    api.instance.access.add(
        Acl(
            table="sys_user_group",
            operation=Operation.READ,
            condition=is_network,
            needs=("name",),
            deny_unless=True,
        )
    )
    assert await readable(api, "sys_user_group", "name", by=ABEL) == {"Network"}


async def test_a_field_that_depends_on_the_reference_on_the_way_is_checked(api: Api) -> None:
    api.instance.access.add(
        Acl(
            table="incident",
            operation=Operation.READ,
            field="caller_id",
            condition=lambda person, row: bool(row["caller_id"] == person.sys_id),
            needs=("caller_id",),
        )
    )
    rows = await api.result(
        "/table/incident",
        sysparm_fields="caller_id.name",
        sysparm_query=f"sys_idIN{FIRST},{SECOND}^ORDERBYnumber",
    )
    assert rows == [{"caller_id.name": "Abel Tuter"}, {}]
