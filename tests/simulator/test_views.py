"""`sysparm_view`: the fields that a view shows."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import DANA, FIRST, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a small instance with a form, a list, and a view of its own."""
    api = Api()
    insert = api.instance.insert
    insert("sys_ui_view", {"sys_id": "v" * 32, "name": "ess", "title": "Self Service"})
    for table, view, fields in (
        ("task", "Default view", ("number", ".split", "short_description")),
        ("incident", "v" * 32, ("number", "caller_id.name", "u_gone")),
    ):
        section = insert("sys_ui_section", {"name": table, "view": view})
        for position, field in enumerate(fields):
            insert(
                "sys_ui_element",
                {"sys_ui_section": section, "element": field, "position": str(position)},
            )
    insert("sys_ui_element", {"sys_ui_section": section, "element": "log", "type": "formatter"})
    columns = insert("sys_ui_list", {"name": "incident", "view": "v" * 32})
    insert("sys_ui_list_element", {"list_id": columns, "element": "state", "position": "0"})
    return api


@fact("sysparm_view makes the fields of the view's form those of the answer", tag="D Table API")
async def test_a_view_decides_which_fields_are_answered(api: Api) -> None:
    record = await api.result(f"/table/incident/{FIRST}", sysparm_view="ess")
    assert record == {"sys_id": FIRST, "number": "INC0000001", "caller_id.name": "Abel Tuter"}


@fact("A list shows the columns that the view has for lists", tag="R")
async def test_a_list_has_columns_of_its_own(api: Api) -> None:
    rows = await api.result("/table/incident", sysparm_view="ess", sysparm_limit="1")
    assert rows == [{"sys_id": FIRST, "state": "1"}]


@pytest.mark.parametrize("view", ["desktop", "both", "Default view", "no such view", "mobile"])
@fact("A view that a table does not have is as its default view", tag="R")
async def test_other_views_are_as_the_default_one(api: Api, view: str) -> None:
    record = await api.result(f"/table/incident/{FIRST}", sysparm_view=view)
    assert set(record) == {"sys_id", "number", "short_description"}


@fact("sysparm_fields takes precedence over sysparm_view", tag="D Table API")
async def test_fields_that_are_named_win(api: Api) -> None:
    record = await api.result(
        f"/table/incident/{FIRST}", sysparm_view="ess", sysparm_fields="state"
    )
    assert record == {"state": "1"}


async def test_a_table_without_a_form_shows_everything(api: Api) -> None:
    record = await api.result(f"/table/sys_user/{DANA}", sysparm_view="ess")
    assert "user_name" in record


async def test_a_view_that_is_changed_shows_so_at_once(api: Api) -> None:
    await api.result(f"/table/incident/{FIRST}", sysparm_view="Self Service")
    (element,) = await api.result(
        "/table/sys_ui_element", by=DANA, sysparm_query="element=caller_id.name"
    )
    path = f"/table/sys_ui_element/{element['sys_id']}"
    await api.patch(path, {"element": "state"}, by=DANA)
    record = await api.result(f"/table/incident/{FIRST}", sysparm_view="Self Service")
    assert set(record) == {"sys_id", "number", "state"}


async def test_a_write_is_answered_in_the_view_too(api: Api) -> None:
    response = await api.patch(f"/table/incident/{FIRST}", {"urgency": "2"}, sysparm_view="ess")
    assert set(response.json()["result"]) == {"sys_id", "number", "caller_id.name"}
