"""Looking around in the service catalog: searching, reading items, where the API is missing."""

import pytest

from servicenow.exceptions import ApiAbsent, RecordNotFound
from tests.tools_app.callers import INSTANCE_URL
from tests.tools_app.desk import Desk
from tools_app.exceptions import AmbiguousMatch, InvalidArguments

API_PLUGIN = "com.glideapp.servicecatalog.rest.api"


async def shown(desk: Desk, item: str) -> dict[str, dict[str, object]]:
    """The variables of an item by their names."""
    answer = await desk.call("get_catalog_item", item=item)
    return {one["name"]: one for one in answer["variables"]}


async def test_items_are_found_with_kind_category_and_price_in_one_request(abel: Desk) -> None:
    abel.world.journal.clear()
    found = await abel.call("search_catalog_items", query="laptop", limit=2)
    assert [one["name"] for one in found["records"]] == ["Standard Laptop", "Developer Laptop"]
    assert found["records"][1]["price"] == "$1,899.50"
    assert found["records"][0]["category"] == "Laptops"
    assert found["next_offset"] == 2
    assert len(abel.requests()) == 1
    rest = await abel.call("search_catalog_items", query="laptop", limit=100, offset=2)
    assert "next_offset" not in rest
    names = {one["name"] for one in found["records"] + rest["records"]}
    assert "Sales Laptop" in names
    assert len(names) == found["count"] + rest["count"]


async def test_pages_go_on_where_user_criteria_hide_rows(charlie: Desk) -> None:
    names, offset = [], 0
    for _ in range(100):
        page = await charlie.call("search_catalog_items", query="for", limit=1, offset=offset)
        names += [one["name"] for one in page["records"]]
        if "next_offset" not in page:
            break
        offset = page["next_offset"]
    whole = await charlie.call("search_catalog_items", query="for", limit=100)
    assert names == [one["name"] for one in whole["records"]]
    assert "Executive Car Service" not in names


async def test_a_catalog_and_a_category_narrow_by_title_or_sys_id(abel: Desk) -> None:
    technical = abel.one("sc_catalog", "title=Technical Catalog")["sys_id"]
    for catalog in ("Technical Catalog", "technical catalog", technical):
        found = await abel.call("search_catalog_items", query="server", catalog=catalog)
        assert [one["name"] for one in found["records"]] == ["Virtual Server"]
    found = await abel.call("search_catalog_items", query="laptop", category="Laptops")
    assert {one["category"] for one in found["records"]} == {"Laptops"}
    with pytest.raises(InvalidArguments, match="no category"):
        await abel.call("search_catalog_items", query="laptop", category="Submarines")


async def test_an_item_is_named_by_name_sys_id_or_link(abel: Desk) -> None:
    sys_id = abel.one("sc_cat_item", "name=Developer Laptop")["sys_id"]
    for item in (
        "developer laptop",
        sys_id,
        f"{INSTANCE_URL}/sp?id=sc_cat_item&sys_id={sys_id}",
        f"{INSTANCE_URL}/com.glideapp.servicecatalog_cat_item_view.do?v=1&sysparm_id={sys_id}",
    ):
        assert (await abel.call("get_catalog_item", item=item))["sys_id"] == sys_id


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("Golden Throne", "no catalog item"),
        (f"https://elsewhere.example.com/sp?sys_id={'a' * 32}", "another host"),
        (f"{INSTANCE_URL}/sp?id=sc_home", "no catalog item"),
        ("http://[broken", "another host"),
    ],
)
async def test_what_names_no_item_is_refused(abel: Desk, item: str, problem: str) -> None:
    with pytest.raises(InvalidArguments, match=problem):
        await abel.call("get_catalog_item", item=item)


async def test_a_name_of_several_items_lists_them(abel: Desk) -> None:
    for _ in range(2):
        abel.instance.insert("sc_cat_item", {"name": "Stapler", "short_description": "Staples"})
    with pytest.raises(AmbiguousMatch) as several:
        await abel.call("get_catalog_item", item="Stapler")
    assert [one.name for one in several.value.candidates] == ["Stapler", "Stapler"]


async def test_what_an_item_asks_is_told_with_choices_and_what_is_mandatory(abel: Desk) -> None:
    asked = await shown(abel, "Developer Laptop")
    assert asked["memory"]["mandatory"] is True
    assert asked["memory"]["choices"][1] == {  # type: ignore[index]  # the answer is JSON
        "value": "32",
        "label": "32 GB",
        "price": "$150.00",
    }
    assert asked["operating_system"]["default"] == "linux"
    assert asked["deliver_to"]["refers_to"] == "cmn_location"
    assert "label" not in {one["type"] for one in asked.values()}


async def test_variables_within_containers_and_below_labels_are_there(abel: Desk) -> None:
    assert {"application", "role", "reason"} == set(await shown(abel, "Application Role"))
    assert {"acrobat", "photoshop"} <= set(await shown(abel, "Standard Laptop"))


async def test_what_only_a_browser_can_answer_says_so(abel: Desk) -> None:
    assert "secret" in str((await shown(abel, "Corporate VPN Access"))["pass_phrase"]["not_here"])
    assert "multi-row" in str((await shown(abel, "Database Instance"))["new_users"]["not_here"])
    assert "file" in str((await shown(abel, "Report an Incident"))["screenshot"]["not_here"])


async def test_a_variable_that_depends_on_another_says_on_which(abel: Desk) -> None:
    asked = await shown(abel, "Business Phone")
    assert "depends on: replacement" in str(asked["original_number"]["depends"])


async def test_an_item_that_is_not_for_this_person_is_not_found(charlie: Desk) -> None:
    hidden = charlie.one("sc_cat_item", "name=Executive Car Service")["sys_id"]
    for item in (hidden, "f" * 32):
        with pytest.raises(RecordNotFound):
            await charlie.call("get_catalog_item", item=item)


async def test_without_the_api_items_are_read_from_their_tables(abel: Desk) -> None:
    abel.instance.switches.absent_plugins = (API_PLUGIN,)
    found = await abel.call("search_catalog_items", query="developer laptop", category="Laptops")
    assert [one["name"] for one in found["records"]] == ["Developer Laptop"]
    assert "not installed" in found["note"]
    technical = await abel.call(
        "search_catalog_items", query="server", catalog="Technical Catalog", limit=1
    )
    assert technical["records"][0]["name"] == "Virtual Server"
    asked = await shown(abel, "Developer Laptop")
    assert "16 GB" in str(asked["memory"]["choices"])
    plain = await abel.call("get_catalog_item", item="Headset")
    assert plain["variables"] == []
    with pytest.raises(ApiAbsent):
        await abel.call("submit_catalog_request", item="Headset")
    assert abel.requests("POST") == []


async def test_hostile_text_of_an_item_is_cleaned(abel: Desk) -> None:
    sys_id = abel.instance.insert(
        "sc_cat_item",
        {"name": "Sta\u202epler", "description": "<p>Good</p><script>x()</script>" + "y" * 7_900},
    )
    read = await abel.call("get_catalog_item", item=sys_id)
    assert read["name"] == "Stapler"
    assert read["description"].startswith("Good")
    assert "x()" not in read["description"]
    assert len(read["description"]) <= 6_000


async def test_an_item_with_endless_variables_still_fits_into_an_answer(abel: Desk) -> None:
    item = abel.instance.insert("sc_cat_item", {"name": "Endless"})
    for number in range(150):
        values = {"cat_item": item, "name": f"v{number}", "question_text": "Q" * 190, "type": "6"}
        abel.instance.insert("item_option_new", values | {"help_text": "h" * 400})
    read = await abel.call("get_catalog_item", item=item)
    assert len(read["variables"]) + read["more_variables"] == 150
