"""`sysparm_input_display_value=true`: a body holds what people see."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, DANA, FIRST, NETWORK, Api


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def stored(
    api: Api, body: dict[str, str], *, by: str = BETH, table: str = "incident"
) -> dict[str, str]:
    """What an insert of display values stores."""
    response = await api.post(f"/table/{table}", body, by=by, sysparm_input_display_value="true")
    assert response.status_code == 201, response.text
    row = api.instance.row(table, response.json()["result"]["sys_id"])
    assert row is not None
    return row


@fact(
    "With sysparm_input_display_value a date-time is in the person's zone and format",
    tag="D Table API",
)
async def test_moments_are_in_the_persons_zone_and_format(api: Api) -> None:
    row = await stored(
        api, {"opened_at": "20.11.2026 01:30:00 PM", "due_date": "01.07.2026 12:00:00 AM"}
    )
    assert row["opened_at"] == "2026-11-20 12:30:00"
    assert row["due_date"] == "2026-06-30 22:00:00"


async def test_dates_are_in_the_persons_format_and_durations_are_not_shifted(api: Api) -> None:
    column = {"name": "incident", "element": "u_day", "internal_type": "glide_date"}
    await api.post("/table/sys_dictionary", column, by=DANA)
    row = await stored(api, {"u_day": "24.12.2026", "business_duration": "1970-01-01 02:00:00"})
    assert (row["u_day"], row["business_duration"]) == ("2026-12-24", "1970-01-01 02:00:00")
    assert (await stored(api, {"u_day": "Christmas"}))["u_day"] == "Christmas"


async def test_references_choices_and_lists_are_named(api: Api) -> None:
    body = {
        "assignment_group": "network",
        "caller_id": "Abel Tuter",
        "state": "In Progress",
        "watch_list": f"Abel Tuter, {BETH},someone@example.com",
    }
    row = await stored(api, body)
    assert (row["assignment_group"], row["caller_id"], row["state"]) == (NETWORK, ABEL, "2")
    assert row["watch_list"] == f"{ABEL},{BETH},someone@example.com"


async def test_journals_are_entered_as_they_are(api: Api) -> None:
    body = {"work_notes": "Done at 5"}
    await api.patch(f"/table/incident/{FIRST}", body, sysparm_input_display_value="true")
    (entry,) = api.instance.query("sys_journal_field", "value=Done at 5")
    assert entry["element"] == "work_notes"


@fact("Without sysparm_input_display_value a date-time is in UTC", tag="D Table API")
async def test_stored_values_are_in_utc(api: Api) -> None:
    body = {"opened_at": "2026-11-20 01:30:00"}
    response = await api.post("/table/incident", body, by=BETH)
    assert response.json()["result"]["opened_at"] == "2026-11-20 01:30:00"
