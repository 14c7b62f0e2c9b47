"""People's records: names, passwords, preferences, places, and how each sees dates."""

import pytest

from simulator.access.people import Person
from simulator.instance import Instance
from simulator.seed.planting import seeded
from simulator.sign_in import passwords
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, NOW, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


@fact("No two people have the same user name, in whatever case", tag="R")
async def test_user_names_are_unique(api: Api) -> None:
    response = await api.post("/table/sys_user", {"user_name": "Abel.Tuter"}, by=DANA)
    assert response.status_code == 403
    for _ in range(2):
        assert (await api.post("/table/sys_user", {}, by=DANA)).status_code == 201
    path = f"/table/sys_user/{BETH}"
    assert (await api.patch(path, {"user_name": "abel.tuter"}, by=DANA)).status_code == 403
    assert (await api.patch(path, {"user_name": "beth.anglin"}, by=DANA)).status_code == 200


@fact("A password written over the Table API is kept hashed", tag="R")
async def test_passwords_are_kept_hashed(api: Api) -> None:
    for password in ("secret", "secret", ""):
        await api.patch(f"/table/sys_user/{ABEL}", {"user_password": password}, by=DANA)
        kept = (api.instance.row("sys_user", ABEL) or {})["user_password"]
        assert "secret" not in kept
        assert passwords.matches("secret", kept=kept) is bool(password)


async def test_a_middle_name_is_part_of_the_name(api: Api) -> None:
    names = {"first_name": "Ann", "middle_name": "B.", "last_name": "Cole"}
    response = await api.post("/table/sys_user", names, by=DANA)
    assert response.json()["result"]["name"] == "Ann B. Cole"


async def test_a_preference_is_not_handed_to_another_one(api: Api) -> None:
    path = "/table/sys_user_preference"
    made = await api.post(path, {"name": "rowcount", "value": "50", "user": ABEL})
    assert made.status_code == 201
    mine = f"{path}/{made.json()['result']['sys_id']}"
    assert (await api.patch(mine, {"user": BETH})).status_code == 403
    assert (await api.patch(mine, {"value": "20"})).status_code == 200
    assert (await api.patch(mine, {"user": BETH}, by=DANA)).status_code == 200


@fact("The full name of a location is that of its parent, a slash and its own name", tag="R")
async def test_the_full_name_of_a_location_says_where_it_is(api: Api) -> None:
    path = "/table/cmn_location"
    europe = (await api.post(path, {"name": "Europe"}, by=DANA)).json()["result"]
    values = {"name": "Lyon", "parent": europe["sys_id"]}
    lyon = (await api.post(path, values, by=DANA)).json()["result"]
    assert (europe["full_name"], lyon["full_name"]) == ("Europe", "Europe/Lyon")
    place = f"{path}/{lyon['sys_id']}"
    kept = await api.patch(place, {"city": "Lyon"}, by=DANA)
    assert kept.json()["result"]["full_name"] == "Europe/Lyon"
    given = await api.patch(place, {"full_name": "FR/Lyon"}, by=DANA)
    assert given.json()["result"]["full_name"] == "FR/Lyon"
    assert (await api.patch(place, {"name": "L"}, by=CHARLIE)).status_code == 403


@fact(
    "Display values of dates are in the reader's format and time zone, values are UTC",
    tag="D c_TableAPI",
)
async def test_everybody_sees_dates_their_own_way(api: Api) -> None:
    dates = {"due_date": "2026-11-20 23:30:00", "business_duration": "1970-01-02 02:01:00"}
    api.instance.update("incident", FIRST, {**dates, "caller_id": BETH})
    api.instance.update("sys_user", DANA, {"time_zone": "US/Pacific", "date_format": "MM/dd/yy"})
    for person, due in (
        (ABEL, "2026-11-20 23:30:00"),
        (BETH, "21.11.2026 12:30:00 AM"),
        (CHARLIE, None),
    ):
        fields = {"sysparm_fields": "due_date,business_duration"}
        response = await api.get(
            f"/table/incident/{FIRST}", by=person, sysparm_display_value="all", **fields
        )
        if due is None:
            assert response.status_code == 404
            continue
        shown = response.json()["result"]
        assert shown["due_date"] == {"display_value": due, "value": dates["due_date"]}
        assert shown["business_duration"]["display_value"] == "1 Day 2 Hours 1 Minute"


@fact(
    "With sysparm_input_display_value dates are read in the writer's format and time zone",
    tag="D c_TableAPI",
)
async def test_dates_are_entered_the_writers_way(api: Api) -> None:
    response = await api.patch(
        f"/table/incident/{FIRST}",
        {"due_date": "21.11.2026 12:30:00 AM"},
        by=BETH,
        sysparm_input_display_value="true",
    )
    assert response.json()["result"]["due_date"] == "2026-11-20 23:30:00"


@pytest.mark.parametrize(
    "likes",
    [
        {"time_zone": "US/Pacific"},
        {"time_zone": "../etc"},
        {"time_zone": "x" * 40},
        {"date_format": "dddd MM yyyy yyyy"},
        {"date_format": "%"},
        {"time_format": "%Q%\x00"},
    ],
)
async def test_odd_zones_formats_and_dates_break_nothing(api: Api, likes: dict[str, str]) -> None:
    own = await api.patch(f"/table/sys_user/{ABEL}", likes, by=ABEL)
    assert own.status_code == 200
    path = f"/table/incident/{FIRST}"
    for date in ("0001-01-01 00:00:00", "9999-12-31 23:59:59", "soon", "2026-11-20 09:00:00"):
        for displayed in ("true", "false"):
            answered = await api.patch(
                path,
                {"due_date": date, "opened_at": date},
                sysparm_input_display_value=displayed,
                sysparm_display_value="all",
            )
            assert answered.status_code == 200, answered.text


async def test_dates_without_a_time_are_entered_the_writers_way_too(api: Api) -> None:
    path, as_shown = "/table/cmn_cost_center", {"sysparm_input_display_value": "true"}
    for likes, given, kept in (
        ("dd.MM.yyyy", "20.11.2026", "2026-11-20"),
        ("dd.MM.yyyy", "01.01.0033", "0033-01-01"),
        ("dd.MM.yyyy", "soon", "soon"),
        ("dd dd yyyy", "20.11.2026", "20.11.2026"),
    ):
        api.instance.update("sys_user", DANA, {"date_format": likes})
        made = await api.post(path, {"valid_from": given}, by=DANA, **as_shown)
        assert made.json()["result"]["valid_from"] == kept


def test_a_person_without_likings_sees_what_is_stored() -> None:
    person = Person("", "", "", frozenset(), ())
    assert person.shown("2026-11-20 09:00:00") == "2026-11-20 09:00:00"
    assert person.approves_for == frozenset()


def test_the_demo_has_places_and_groups_of_several_types() -> None:
    instance = Instance(clock=lambda: NOW, snapshot=seeded(NOW))
    for table in ("cmn_building", "cmn_cost_center", "business_unit", "core_country"):
        assert instance.count(table) >= 2
    assert instance.count("sys_user_group_type") == 2
    for building in instance.query("cmn_building"):
        assert instance.row("cmn_location", building["location"]) is not None
