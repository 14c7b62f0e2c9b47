"""Journal fields: written as entries, shown as a thread."""

import pytest

from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, BETH, CHARLIE, DANA, FIRST, SECOND, Api

THREAD = (
    "2026-11-19 10:00:00 - gone.person (Additional comments)\nStill burning\n\n"
    "2026-11-19 10:00:00 - Beth Anglin (Work notes)\nWater is on its way\n\n"
    "2026-11-19 10:00:00 - Abel Tuter (Additional comments)\nIt burns\n\n"
)


@pytest.fixture
def api() -> Api:
    """The Table API of a fresh small instance."""
    return Api()


async def thread(api: Api, field: str, *, of: str = FIRST, by: str = ABEL) -> str | None:
    """The display value of a journal field; None where it is not in the answer."""
    record = await api.result(
        f"/table/incident/{of}", by=by, sysparm_fields=field, sysparm_display_value="true"
    )
    value: str | None = record.get(field)
    return value


@fact("The display value of a journal field is its whole thread, newest first", tag="R")
async def test_a_thread_is_shown_newest_first(api: Api) -> None:
    assert await thread(api, "comments_and_work_notes") == THREAD
    assert await thread(api, "work_notes") == (
        "2026-11-19 10:00:00 - Beth Anglin (Work notes)\nWater is on its way\n\n"
    )


@fact("The value of a journal field is empty", tag="M live answers")
async def test_the_value_of_a_journal_is_empty(api: Api) -> None:
    record = await api.result(
        f"/table/incident/{FIRST}",
        sysparm_fields="comments,comments_and_work_notes,approval_history",
        sysparm_display_value="all",
    )
    assert record["comments"]["value"] == ""
    assert record["comments_and_work_notes"] == {"display_value": THREAD, "value": ""}
    assert record["approval_history"] == {"display_value": "", "value": ""}
    plain = await api.result(f"/table/incident/{FIRST}", sysparm_fields="comments")
    assert plain == {"comments": ""}


async def test_every_row_of_a_page_has_its_own_thread(api: Api) -> None:
    rows = await api.result(
        "/table/incident",
        sysparm_query=f"sys_idIN{FIRST},{SECOND}^ORDERBYnumber",
        sysparm_fields="work_notes",
        sysparm_display_value="true",
    )
    assert ["Water" in row["work_notes"] for row in rows] == [True, False]


async def test_a_page_without_rows_has_no_threads(api: Api) -> None:
    rows = await api.result(
        "/table/incident",
        sysparm_query="number=x",
        sysparm_fields="work_notes",
        sysparm_display_value="true",
    )
    assert rows == []


@fact("The times in a thread are in the reader's zone and format", tag="R")
async def test_times_in_a_thread_are_the_readers(api: Api) -> None:
    seen = await thread(api, "work_notes", by=BETH)
    assert seen is not None
    assert seen.startswith("19.11.2026 11:00:00 AM - Beth Anglin")


@fact("Who may not read work notes sees only comments in comments_and_work_notes", tag="R")
async def test_work_notes_are_hidden_from_the_caller_also_in_the_list_of_both(api: Api) -> None:
    api.instance.update("incident", FIRST, {"caller_id": CHARLIE})
    assert await thread(api, "work_notes", by=CHARLIE) is None
    both = await thread(api, "comments_and_work_notes", by=CHARLIE)
    assert both is not None
    assert "It burns" in both
    assert "Water" not in both


@fact("A comment becomes a row of sys_journal_field, by whoever wrote it", tag="R")
async def test_a_comment_becomes_an_entry_by_the_person(api: Api) -> None:
    await api.patch(f"/table/incident/{SECOND}", {"comments": "Any news?"}, by=CHARLIE)
    (entry,) = await api.result(
        "/table/sys_journal_field", by=DANA, sysparm_query=f"element_id={SECOND}"
    )
    assert entry["value"] == "Any news?"
    assert entry["element"] == "comments"
    assert entry["name"] == "incident"
    assert entry["sys_created_by"] == "charlie.whitherspoon"
    assert entry["sys_created_on"] == "2026-11-20 09:00:00"


@fact("A new comment or work note counts in sys_mod_count of its record", tag="R")
async def test_an_entry_counts_as_a_change_of_the_record(api: Api) -> None:
    before = await api.result(f"/table/incident/{FIRST}")
    response = await api.patch(f"/table/incident/{FIRST}", {"work_notes": "Out."})
    after = response.json()["result"]
    assert int(after["sys_mod_count"]) == int(before["sys_mod_count"]) + 1
    assert after["sys_updated_by"] == "abel.tuter"


async def test_an_empty_entry_is_none(api: Api) -> None:
    await api.patch(f"/table/incident/{FIRST}", {"work_notes": "", "comments": None})
    assert api.instance.count("sys_journal_field") == 3


async def test_a_caller_cannot_write_work_notes(api: Api) -> None:
    response = await api.patch(f"/table/incident/{SECOND}", {"work_notes": "Psst"}, by=CHARLIE)
    assert response.status_code == 200
    created = await api.post(
        "/table/incident", {"work_notes": "Psst", "caller_id": CHARLIE}, by=CHARLIE
    )
    assert created.status_code == 201
    assert api.instance.count("sys_journal_field") == 3


async def test_entries_may_come_with_an_insert(api: Api) -> None:
    response = await api.post(
        "/table/incident",
        {"work_notes": "Looked at it", "comments": "Hello"},
        sysparm_display_value="true",
    )
    text = response.json()["result"]["comments_and_work_notes"]
    assert "Abel Tuter (Work notes)\nLooked at it\n\n" in text
    assert "Abel Tuter (Additional comments)\nHello\n\n" in text


def test_entries_of_the_seed_carry_the_author_of_the_row(api: Api) -> None:
    sys_ids = api.instance.insert_many(
        "incident", [{"comments": "Planted", "sys_updated_by": "abel.tuter"}, {}]
    )
    (entry,) = api.instance.query("sys_journal_field", "value=Planted")
    assert (entry["element_id"], entry["sys_created_by"]) == (sys_ids[0], "abel.tuter")
