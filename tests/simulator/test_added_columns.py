"""Columns added, changed and deleted through the Table API of `sys_dictionary`."""

from typing import Any

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, FIRST, SECOND, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def added(api: Api, *, table: str = "incident", **values: str) -> dict[str, Any]:
    """A column that an administrator adds."""
    response = await api.post(
        "/table/sys_dictionary",
        {"name": table, **values},
        by=DANA,
        sysparm_exclude_reference_link="true",
    )
    assert response.status_code == 201, response.text
    record: dict[str, Any] = response.json()["result"]
    return record


async def refusal(api: Api, method: str, path: str, values: object) -> str:
    """Why an administrator may not do this."""
    response = await api.call(method, path, by=DANA, json=values)
    assert response.status_code == 403, response.text
    return str(response.json()["error"]["detail"])


@fact("A record inserted into sys_dictionary is a column at once", tag="D Add a column")
async def test_a_new_column_can_be_used_at_once(api: Api) -> None:
    row = await added(api, element="u_colour", column_label="Colour", default_value="red")
    assert (row["internal_type"], row["max_length"]) == ("string", "40")
    assert (await api.result(f"/table/incident/{FIRST}"))["u_colour"] == ""
    new = (await api.post("/table/incident", {})).json()["result"]
    assert new["u_colour"] == "red"
    await api.patch(f"/table/incident/{FIRST}", {"u_colour": "blue"})
    found = await api.result(
        "/table/incident", sysparm_query="u_colour=Blue^ORDERBYu_colour", sysparm_fields="u_colour"
    )
    assert found == [{"u_colour": "blue"}]


async def test_a_column_of_a_parent_is_one_of_its_classes(api: Api) -> None:
    await added(api, table="task", element="u_colour")
    assert "u_colour" in await api.result(f"/table/incident/{FIRST}")
    assert "u_colour" not in (await api.result(f"/table/sys_user/{ABEL}"))


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("integer", "7 apples", ""),
        ("integer", "7", "7"),
        ("decimal", "2.5", "2.5"),
        ("boolean", "yes", "true"),
        ("glide_date", "2026-01-02", "2026-01-02"),
        ("string", "x" * 50, "x" * 40),
        ("url", "https://example.com", "https://example.com"),
    ],
)
async def test_a_column_stores_what_its_type_takes(
    api: Api, kind: str, given: str, stored: str
) -> None:
    await added(api, element="u_value", internal_type=kind)
    response = await api.patch(f"/table/incident/{FIRST}", {"u_value": given})
    assert response.json()["result"]["u_value"] == stored


async def test_a_reference_column_shows_and_walks(api: Api) -> None:
    await added(api, element="u_owner", internal_type="reference", reference="sys_user")
    await api.patch(f"/table/incident/{FIRST}", {"u_owner": BETH})
    shown = await api.result(
        f"/table/incident/{FIRST}",
        sysparm_display_value="true",
        sysparm_exclude_reference_link="true",
        sysparm_fields="u_owner,u_owner.user_name",
    )
    assert shown == {"u_owner": "Beth Anglin", "u_owner.user_name": "beth.anglin"}


async def test_choices_of_a_new_column_are_shown_and_understood(api: Api) -> None:
    await added(api, element="u_size", choice="1")
    choice = {"name": "incident", "element": "u_size", "value": "l", "label": "Large"}
    assert (await api.post("/table/sys_choice", choice, by=DANA)).status_code == 201
    response = await api.patch(
        f"/table/incident/{FIRST}",
        {"u_size": "Large"},
        sysparm_input_display_value="true",
        sysparm_display_value="all",
        sysparm_fields="u_size",
    )
    assert response.json()["result"] == {"u_size": {"display_value": "Large", "value": "l"}}


@fact("A column without a name is named after its label, with u_ in front", tag="R")
async def test_a_label_gives_the_name(api: Api) -> None:
    row = await added(api, column_label="Favourite Colour")
    assert row["element"] == "u_favourite_colour"
    (label,) = await api.result(
        "/table/sys_documentation", sysparm_query="element=u_favourite_colour"
    )
    assert label["label"] == "Favourite Colour"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"element": "colour"}, "begin with u_ or x_"),
        ({"element": "u_co lour"}, "Invalid column name"),
        ({"element": 'u_x" TEXT; --'}, "Invalid column name"),
        ({"element": "sys_colour"}, "Invalid column name"),
        ({"element": "rowid"}, "Invalid column name"),
        ({}, "Invalid column name"),
        ({"element": "u_a", "internal_type": "colourful"}, "Unknown type"),
        ({"element": "u_a", "internal_type": "collection"}, "sys_db_object"),
        ({"element": "u_a", "internal_type": "reference"}, "needs the table"),
        ({"element": "u_a", "internal_type": "reference", "reference": "u_no"}, "does not exist"),
        ({"element": "u_a", "max_length": "-1"}, "characters long"),
        ({"element": "u_a", "max_length": "99999999999999999999"}, "characters long"),
        ({"element": "u_a", "name": "u_nowhere"}, "does not exist"),
    ],
)
async def test_what_cannot_be_a_column_is_refused(
    api: Api, values: dict[str, str], sentence: str
) -> None:
    before = set(api.instance.dictionary.fields_of("incident"))
    body = {"name": "incident", **values}
    assert sentence in await refusal(api, "POST", "/table/sys_dictionary", body)
    assert set(api.instance.dictionary.fields_of("incident")) == before


async def test_a_name_in_use_above_or_below_is_refused(api: Api) -> None:
    await added(api, element="u_colour", internal_type="integer")
    for table, sentence in (
        ("incident", "already exists in table incident"),
        ("task", "already exists in table incident"),
        ("problem", "with type integer"),
    ):
        body = {"name": table, "element": "u_colour"}
        assert sentence in await refusal(api, "POST", "/table/sys_dictionary", body)
    await added(api, table="problem", element="u_colour", internal_type="integer")


async def test_columns_of_an_added_table_need_no_prefix(api: Api) -> None:
    await api.post("/table/sys_db_object", {"name": "u_boat", "label": "Boat"}, by=DANA)
    await added(api, table="u_boat", element="name", display="true")
    await added(api, element="u_boat", internal_type="reference", reference="u_boat")
    boat = (await api.post("/table/u_boat", {"name": "Titanic"}, by=DANA)).json()["result"]
    response = await api.patch(
        f"/table/incident/{FIRST}",
        {"u_boat": "Titanic"},
        sysparm_input_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert response.json()["result"]["u_boat"] == boat["sys_id"]


async def test_label_length_and_default_may_change(api: Api) -> None:
    row = await added(api, element="u_colour")
    path = f"/table/sys_dictionary/{row['sys_id']}"
    change = {"column_label": "Hue", "max_length": "3", "default_value": "red"}
    assert (await api.patch(path, change, by=DANA)).status_code == 200
    assert (await api.post("/table/incident", {})).json()["result"]["u_colour"] == "red"
    response = await api.patch(f"/table/incident/{FIRST}", {"u_colour": "blue"})
    assert response.json()["result"]["u_colour"] == "blu"
    (label,) = await api.result("/table/sys_documentation", sysparm_query="element=u_colour")
    assert label["label"] == "Hue"
    renamed = {"label": "Tint"}
    await api.patch(f"/table/sys_documentation/{label['sys_id']}", renamed, by=DANA)
    assert api.instance.dictionary.fields_of("incident")["u_colour"].label == "Tint"


async def test_an_inactive_column_is_hidden_and_keeps_its_values(api: Api) -> None:
    row = await added(api, element="u_colour")
    await api.patch(f"/table/incident/{FIRST}", {"u_colour": "red"})
    path = f"/table/sys_dictionary/{row['sys_id']}"
    await api.patch(path, {"active": "false"}, by=DANA)
    assert "u_colour" not in await api.result(f"/table/incident/{FIRST}")
    await api.patch(path, {"active": "true"}, by=DANA)
    assert (await api.result(f"/table/incident/{FIRST}"))["u_colour"] == "red"


async def test_a_deleted_column_is_gone_with_its_values(api: Api) -> None:
    row = await added(api, element="u_colour", unique="true")
    await api.patch(f"/table/incident/{FIRST}", {"u_colour": "red"})
    response = await api.call("DELETE", f"/table/sys_dictionary/{row['sys_id']}", by=DANA)
    assert response.status_code == 204
    assert "u_colour" not in await api.result(f"/table/incident/{FIRST}")
    await added(api, element="u_colour", internal_type="integer")
    assert (await api.result(f"/table/incident/{FIRST}"))["u_colour"] == ""


async def test_what_came_with_the_instance_stays(api: Api) -> None:
    for query, sentence in (
        ("name=incident^element=category", "came with the instance"),
        ("name=incident^elementISEMPTY", "came with the instance"),
    ):
        (row,) = await api.result("/table/sys_dictionary", sysparm_query=query)
        path = f"/table/sys_dictionary/{row['sys_id']}"
        assert sentence in await refusal(api, "DELETE", path, None)
    (row,) = await api.result(
        "/table/sys_dictionary", sysparm_query="name=incident^element=category"
    )
    path = f"/table/sys_dictionary/{row['sys_id']}"
    assert "stays" in await refusal(api, "PATCH", path, {"internal_type": "integer"})
    assert "cannot be changed" in await refusal(api, "PATCH", path, {"element": "kind"})
    assert "needs a label" in await refusal(api, "PATCH", path, {"column_label": ""})
    await api.patch(path, {"column_label": "Kind"}, by=DANA)
    assert api.instance.dictionary.fields_of("incident")["category"].label == "Kind"
    assert (await api.result(f"/table/incident/{FIRST}"))["category"] == "hardware"


async def test_system_columns_and_the_row_of_a_table_itself_are_kept(api: Api) -> None:
    await api.post("/table/sys_db_object", {"name": "u_boat", "label": "Boat"}, by=DANA)
    for query, sentence in (
        ("name=u_boat^element=sys_id", "came with"),
        ("name=u_boat^elementISEMPTY", "deleted as a record of sys_db_object"),
    ):
        (row,) = await api.result("/table/sys_dictionary", sysparm_query=query)
        assert sentence in await refusal(
            api, "DELETE", f"/table/sys_dictionary/{row['sys_id']}", None
        )
    (row,) = await api.result("/table/sys_dictionary", sysparm_query="name=u_boat^element=sys_id")
    path = f"/table/sys_dictionary/{row['sys_id']}"
    assert "kept by the system" in await refusal(api, "PATCH", path, {"active": "false"})


async def test_a_type_changes_only_to_one_stored_alike(api: Api) -> None:
    row = await added(api, element="u_link")
    path = f"/table/sys_dictionary/{row['sys_id']}"
    assert "cannot become" in await refusal(api, "PATCH", path, {"internal_type": "integer"})
    assert (await api.patch(path, {"internal_type": "url"}, by=DANA)).status_code == 200
    assert api.instance.dictionary.fields_of("incident")["u_link"].type == "url"


async def test_an_override_changes_a_column_for_one_class(api: Api) -> None:
    body = {
        "name": "incident",
        "base_table": "task",
        "element": "contact_type",
        "default_value_override": "true",
        "default_value": "email",
    }
    assert (await api.post("/table/sys_dictionary_override", body, by=DANA)).status_code == 201
    assert (await api.post("/table/incident", {})).json()["result"]["contact_type"] == "email"
    assert (await api.post("/table/problem", {})).json()["result"]["contact_type"] != "email"


@fact("A mandatory column of the dictionary is asked for in web services, too", tag="R")
async def test_a_mandatory_column_must_be_filled(api: Api) -> None:
    await added(api, element="u_colour", column_label="Colour", mandatory="true")
    missing = await refusal(api, "POST", "/table/incident", {})
    assert missing == "Data Policy Exception: The following fields are mandatory: Colour"
    assert (await api.post("/table/incident", {"u_colour": "red"})).status_code == 201
    assert (await api.patch(f"/table/incident/{FIRST}", {"urgency": "2"})).status_code == 200
    filled = await api.patch(f"/table/incident/{FIRST}", {"u_colour": "red"})
    assert filled.status_code == 200
    emptied = await api.patch(f"/table/incident/{FIRST}", {"u_colour": ""})
    assert emptied.status_code == 403


@fact("No two records have the same value of a unique column", tag="R")
async def test_a_unique_value_is_taken_once(api: Api) -> None:
    await added(api, element="u_badge", unique="true")
    assert (await api.patch(f"/table/incident/{FIRST}", {"u_badge": "7"})).status_code == 200
    assert (await api.patch(f"/table/incident/{FIRST}", {"u_badge": "7"})).status_code == 200
    path = f"/table/incident/{SECOND}"
    assert await refusal(api, "PATCH", path, {"u_badge": "7"}) == (
        "Unique Key violation detected by database (Duplicate entry '7' for key 'u_badge')"
    )
    assert (await api.patch(path, {"u_badge": ""})).status_code == 200


@fact(
    "A default value may be a script: the one who inserts, or the present", tag="D Default values"
)
async def test_a_default_may_be_a_script(api: Api) -> None:
    await added(
        api,
        element="u_by",
        internal_type="reference",
        reference="sys_user",
        default_value="javascript:gs.getUserID()",
    )
    await added(api, element="u_odd", default_value="javascript:while(true){}")
    response = await api.post("/table/incident", {}, sysparm_exclude_reference_link="true")
    assert (response.json()["result"]["u_by"], response.json()["result"]["u_odd"]) == (ABEL, "")


async def test_a_record_that_is_named_after_its_own_kind_is_named_by_its_sys_id(api: Api) -> None:
    await api.post("/table/sys_db_object", {"name": "u_box", "label": "Box"}, by=DANA)
    inside = {"element": "u_in", "internal_type": "reference", "reference": "u_box"}
    await added(api, table="u_box", display="true", **inside)
    outer = (await api.post("/table/u_box", {}, by=DANA)).json()["result"]["sys_id"]
    response = await api.post(
        "/table/u_box", {"u_in": outer}, by=DANA, sysparm_display_value="all", sysparm_fields="u_in"
    )
    assert response.json()["result"]["u_in"]["display_value"] == outer
