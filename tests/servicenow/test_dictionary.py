"""Field names are checked as the person may know them; choices have labels in any case."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from servicenow.client import ServiceNowClient
from servicenow.dictionary import Choice, FieldInfo
from servicenow.exceptions import (
    MalformedName,
    ScopeNotAllowed,
    ServerFault,
    UnknownField,
)
from servicenow.query import Query
from tests.servicenow.instance import ScriptedInstance, listed, refused, row

Rows = list[Mapping[str, object]]


def element(table: str, name: str, reference: str = "", **more: str) -> Mapping[str, object]:
    kind = "reference" if reference else "string"
    fields = {"internal_type": kind, "reference": reference, "column_label": name.title()}
    return row(name=table, element=name, **(fields | more))


PARENTS = {"incident": "task", "task": "", "sys_user": "", "u_own": ""}
ELEMENTS = [
    element("task", "number", max_length="40", read_only="true"),
    element("task", "short_description", mandatory="true"),
    element("task", "state"),
    element("task", "assigned_to", "sys_user"),
    element("incident", "caller_id", "sys_user"),
    element("incident", "state", column_label="Incident state", max_length="many"),
    element("sys_user", "email"),
    element("sys_user", "manager", "sys_user"),
]


class Tables:
    """Answers the three tables of metadata as rows, and remembers who was asked what."""

    def __init__(self, instance: ScriptedInstance) -> None:
        self.asked: list[str] = []
        self.parents = dict(PARENTS)
        self.elements: Rows = list(ELEMENTS)
        self.choices: Rows = []
        self.people: Rows = []
        instance.tables["sys_db_object"] = self.db_object
        instance.tables["sys_dictionary"] = self.dictionary
        instance.tables["sys_choice"] = self.choice
        instance.tables["sys_user"] = lambda _: listed(*self.people)

    def db_object(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params["sysparm_query"]
        self.asked.append(query)
        name = query.removeprefix("name=")
        if name not in self.parents:
            return listed()
        return listed(row(name=name, **{"super_class.name": self.parents[name]}))

    def dictionary(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.params["sysparm_query"])
        return listed(*self.elements)

    def choice(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.params["sysparm_query"])
        return listed(*self.choices)


@pytest.fixture
def metadata(instance: ScriptedInstance) -> Tables:
    return Tables(instance)


async def test_a_table_has_its_own_and_inherited_fields(
    client: ServiceNowClient, metadata: Tables
) -> None:
    fields = await client.dictionary.fields_of("incident")
    assert {"number", "caller_id", "state", "sys_id", "sys_updated_on"} <= fields.keys()
    assert "email" not in fields
    assert fields["number"] == FieldInfo(
        "number", "task", "Number", "string", read_only=True, max_length=40
    )
    assert fields["short_description"].mandatory
    assert fields["caller_id"].reference == "sys_user"
    assert metadata.asked == [
        "name=incident",
        "name=task",
        "nameINincident,task^elementISNOTEMPTY",
    ]


@pytest.mark.usefixtures("metadata")
async def test_a_table_s_own_definition_replaces_the_inherited_one(
    client: ServiceNowClient,
) -> None:
    state = (await client.dictionary.fields_of("incident"))["state"]
    assert (state.table, state.label, state.max_length) == ("incident", "Incident state", None)


async def test_the_dictionary_is_asked_once_for_many_checks(
    client: ServiceNowClient, metadata: Tables
) -> None:
    await asyncio.gather(
        *(client.dictionary.check("incident", ["caller_id.email", "state"]) for _ in range(50))
    )
    assert len(metadata.asked) == 5


async def test_nobody_is_asked_about_fields_that_are_always_there(
    client: ServiceNowClient, metadata: Tables
) -> None:
    await client.dictionary.check("incident", ["number", "caller_id", "sys_updated_on"])
    await client.dictionary.check("sys_user", ["user_name", "email"])
    assert metadata.asked == []
    for table, name in (("u_own", "number"), ("sys_user", "state"), ("task", "caller_id")):
        with pytest.raises(UnknownField):
            await client.dictionary.check(table, [name])


@pytest.mark.usefixtures("metadata")
@pytest.mark.parametrize(
    "name",
    ["number", "sys_id", "caller_id", "caller_id.email", "caller_id.manager.manager.email"],
)
async def test_known_fields_and_walks_through_references_pass(
    client: ServiceNowClient, name: str
) -> None:
    await client.dictionary.check("incident", [name])


@pytest.mark.usefixtures("metadata")
@pytest.mark.parametrize(
    "name",
    ["nope", "email", "caller_id.nope", "number.email", "nope.email", "caller_id.email.x"],
)
async def test_an_unknown_field_is_refused(client: ServiceNowClient, name: str) -> None:
    with pytest.raises(UnknownField) as caught:
        await client.dictionary.check("incident", ["number", name])
    assert (caught.value.table, caught.value.field) == ("incident", name)


async def test_a_checked_query_with_an_unknown_field_lists_nothing(
    client: ServiceNowClient, metadata: Tables, instance: ScriptedInstance
) -> None:
    query = Query().equals("number", "x").order_by("nope").checked_by(client.dictionary)
    with pytest.raises(UnknownField):
        await client.tables.list("incident", query=query, fields=["number"])
    assert not any(request.url.path.endswith("/incident") for request in instance.requests)
    assert metadata.asked


@pytest.mark.usefixtures("metadata")
async def test_malformed_names_are_refused(client: ServiceNowClient) -> None:
    with pytest.raises(MalformedName):
        await client.dictionary.check("incident", ["number^ORa=1"])
    with pytest.raises(MalformedName):
        await client.dictionary.check("../incident", ["number"])
    with pytest.raises(MalformedName):
        await client.dictionary.choices("incident", "state^x")


async def test_tables_that_extend_one_another_in_a_circle_end(
    client: ServiceNowClient, metadata: Tables
) -> None:
    metadata.parents = {"incident": "task", "task": "incident"}
    assert "number" in await client.dictionary.fields_of("incident")


async def test_a_dictionary_of_many_pages_is_read_to_its_end(
    client: ServiceNowClient, metadata: Tables, instance: ScriptedInstance
) -> None:
    def paged(request: httpx.Request) -> httpx.Response:
        first = request.url.params["sysparm_offset"] == "0"
        name = "early" if first else "late"
        rows = [element("u_own", f"{name}_{number}") for number in range(1000 if first else 5)]
        return listed(*rows, total=1005)

    instance.tables["sys_dictionary"] = paged
    await client.dictionary.check("u_own", ["early_999", "late_4"])
    with pytest.raises(UnknownField):
        await client.dictionary.check("u_own", ["late_5"])
    assert metadata.asked == ["name=u_own"]


def unreadable(status: int) -> httpx.Response:
    if status == 200:
        return listed()
    return refused(status, "Insufficient rights to query records" if status == 403 else "No Record")


@pytest.fixture(params=[200, 403, 404])
def closed_metadata(
    request: pytest.FixtureRequest, metadata: Tables, instance: ScriptedInstance
) -> Tables:
    """A person who may read none of the tables of metadata: most are."""
    for table in ("sys_db_object", "sys_dictionary", "sys_choice"):
        instance.tables[table] = lambda _: unreadable(request.param)
    return metadata


@pytest.mark.usefixtures("closed_metadata")
@pytest.mark.parametrize(
    "name",
    ["number", "caller_id", "caller_id.department.name", "cmdb_ci.support_group.manager.email"],
)
async def test_without_the_dictionary_the_base_system_is_known(
    client: ServiceNowClient, name: str
) -> None:
    await client.dictionary.check("incident", [name])


@pytest.mark.usefixtures("closed_metadata")
async def test_without_the_dictionary_the_table_is_asked_about_other_fields(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    asked = []

    def incident(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["sysparm_fields"])
        shown = {"u_floor": "3"} if "u_floor" in asked[-1] else {}
        return listed(row(sys_id="a1", **shown))

    instance.tables["incident"] = incident
    for _ in range(2):
        await client.dictionary.check("incident", ["number", "u_floor"])
        with pytest.raises(UnknownField):
            await client.dictionary.check("incident", ["u_nope"])
    assert asked == ["sys_id,u_floor", "sys_id,u_nope"]


@pytest.mark.usefixtures("closed_metadata")
@pytest.mark.parametrize("name", ["u_ref.name", "caller_id.u_floor"])
async def test_without_the_dictionary_a_walk_through_unknown_fields_is_refused(
    client: ServiceNowClient, name: str
) -> None:
    with pytest.raises(UnknownField):
        await client.dictionary.check("incident", [name])


@pytest.mark.usefixtures("closed_metadata")
async def test_without_the_dictionary_an_unknown_table_has_only_system_fields(
    client: ServiceNowClient,
) -> None:
    fields = await client.dictionary.fields_of("u_own")
    assert all(name.startswith("sys_") for name in fields)


async def test_a_dictionary_of_which_rows_are_hidden_is_completed_from_the_base_system(
    client: ServiceNowClient, metadata: Tables, instance: ScriptedInstance
) -> None:
    own = element("incident", "caller_id", "core_company")
    instance.tables["sys_dictionary"] = lambda _: listed(own, total=90)
    fields = await client.dictionary.fields_of("incident")
    assert fields["caller_id"].reference == "core_company"
    assert fields["assignment_group"].reference == "sys_user_group"
    assert metadata.asked == ["name=incident", "name=task"]


async def test_an_instance_that_drops_the_conditions_does_not_confuse_tables(
    client: ServiceNowClient, metadata: Tables, instance: ScriptedInstance
) -> None:
    everything = [row(name=name, **{"super_class.name": "u_wrong"}) for name in ("a", "b")]
    instance.tables["sys_db_object"] = lambda _: listed(*everything)
    fields = await client.dictionary.fields_of("incident")
    assert "number" in fields
    assert "email" not in fields
    assert metadata.elements


async def test_a_fault_is_not_taken_for_a_missing_right_and_is_not_remembered(
    client: ServiceNowClient, metadata: Tables, instance: ScriptedInstance
) -> None:
    instance.replies(refused(500, "x"))
    with pytest.raises(ServerFault):
        await client.dictionary.check("incident", ["caller_id.email"])
    await client.dictionary.check("incident", ["caller_id.email"])
    assert metadata.asked


async def test_an_oauth_client_without_the_scope_is_told_so(
    client: ServiceNowClient, instance: ScriptedInstance
) -> None:
    instance.replies(refused(403, "User Not Authorized", "Access to unscoped api is not allowed"))
    with pytest.raises(ScopeNotAllowed):
        await client.dictionary.check("incident", ["caller_id.email"])


def choice(table: str, value: str, label: str, **more: str) -> Mapping[str, object]:
    return row(name=table, element="state", value=value, label=label, language="en") | row(**more)


async def test_choices_are_those_of_the_nearest_table_that_has_any(
    client: ServiceNowClient, metadata: Tables
) -> None:
    metadata.choices = [
        choice("task", "1", "Open"),
        choice("incident", "1", "New"),
        choice("incident", "2", "In Progress", dependent_value="software"),
        row(name="incident", element="impact", value="1", label="High", language="en"),
    ]
    choices = await client.dictionary.choices("incident", "state")
    assert choices == [Choice("1", "New"), Choice("2", "In Progress", "software")]
    assert await client.dictionary.choices("task", "state") == [Choice("1", "Open")]
    assert "nameINincident,task^element=state^inactive=false^ORDERBYsequence" in metadata.asked


async def test_choices_are_asked_once(client: ServiceNowClient, metadata: Tables) -> None:
    metadata.choices = [choice("incident", "1", "New")]
    first = await client.dictionary.choices("incident", "state")
    first.clear()
    assert await client.dictionary.choices("incident", "state") == [Choice("1", "New")]
    assert len(metadata.asked) == 3


@pytest.mark.parametrize(
    ("people", "labels"),
    [
        ([row(sys_id="u1", preferred_language="de")], ["Neu", "In Progress"]),
        ([row(sys_id="u1", preferred_language="fr")], ["New", "In Progress"]),
        ([row(sys_id="u1", preferred_language="")], ["New", "In Progress"]),
        ([row(sys_id="u1"), row(sys_id="u2")], ["New", "In Progress"]),
        ([], ["New", "In Progress"]),
    ],
)
async def test_choices_are_in_the_language_of_the_person_as_far_as_it_goes(
    client: ServiceNowClient, metadata: Tables, people: Rows, labels: list[str]
) -> None:
    metadata.people = people
    metadata.choices = [
        choice("incident", "1", "Neu", language="de"),
        choice("incident", "1", "New"),
        choice("incident", "2", "In Progress"),
    ]
    choices = await client.dictionary.choices("incident", "state")
    assert [found.label for found in choices] == labels


@pytest.mark.usefixtures("closed_metadata")
async def test_without_sys_choice_the_base_labels_are_known(client: ServiceNowClient) -> None:
    states = await client.dictionary.choices("incident", "state")
    assert Choice("2", "In Progress") in states
    assert Choice("1", "1 - Critical") in await client.dictionary.choices("incident", "priority")
    assert await client.dictionary.choices("incident", "short_description") == []
