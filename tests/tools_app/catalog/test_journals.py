"""Work notes and comments: written as oneself, read newest first, with and without their ACL."""

import pytest

from servicenow.exceptions import RecordNotFound
from simulator.access.acls import Acl, Operation
from simulator.control.faults import FaultKind
from simulator.records.journals import add_entry
from tests.tools_app.callers import ABEL
from tests.tools_app.desk import Desk
from tools_app.journal import parsed


async def incident_of(desk: Desk) -> dict[str, str]:
    """An incident of this person's without a journal."""
    made = await desk.call("create_incident", short_description="Printer 4 is on fire")
    return {"number": made["number"], "sys_id": made["sys_id"]}


def write(desk: Desk, sys_id: str, *texts: str, element: str = "work_notes") -> None:
    """Entries of Beth's, one a minute."""
    for minute, text in enumerate(texts):
        add_entry(
            desk.instance.store,
            table="incident",
            sys_id=sys_id,
            element=element,
            text=text,
            author="beth.anglin",
            moment=f"2026-05-01 09:{minute:02}:00",
        )


@pytest.fixture(params=["rows", "record"])
def way(request: pytest.FixtureRequest, abel: Desk) -> str:
    """With rights on `sys_journal_field` and without."""
    abel.instance.switches.journal_rows_readable = request.param == "rows"
    return str(request.param)


async def test_a_work_note_is_written_in_the_name_of_the_signed_in_person(abel: Desk) -> None:
    made = await incident_of(abel)
    answer = await abel.call("add_work_note", record=made["number"], note="It is <b>out</b>.")
    assert answer == {
        "number": made["number"],
        "sys_id": made["sys_id"],
        "table": "incident",
        "url": f"http://localhost:8090/incident.do?sys_id={made['sys_id']}",
        "kind": "work_note",
        "author": "abel.tuter",
    }
    row = abel.one("sys_journal_field", f"element_id={made['sys_id']}")
    assert (row["element"], row["sys_created_by"]) == ("work_notes", "abel.tuter")


async def test_a_comment_is_written_as_one(abel: Desk) -> None:
    made = await incident_of(abel)
    await abel.call("add_work_note", record=made["sys_id"], note="Better?", kind="comment")
    row = abel.one("sys_journal_field", f"element_id={made['sys_id']}")
    assert (row["element"], row["value"]) == ("comments", "Better?")


async def test_a_note_that_an_acl_drops_is_named_as_not_applied(abel: Desk) -> None:
    made = await incident_of(abel)
    abel.instance.access.add(
        Acl(
            table="incident",
            operation=Operation.WRITE,
            field="work_notes",
            roles=frozenset({"admin"}),
        )
    )
    answer = await abel.call("add_work_note", record=made["number"], note="It is out.")
    assert answer["not_applied"] == ["note"]


async def test_a_journal_is_read_newest_first_in_pages(abel: Desk, way: str) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], "one", "two", "three\n\nwith more")
    first = await abel.call("get_journal", record=made["number"], limit=2)
    assert [entry["text"] for entry in first["records"]] == ["three\n\nwith more", "two"]
    assert (first["count"], first["total"], first["next_offset"]) == (2, 3, 2)
    entry = first["records"][0]
    if way == "rows":
        assert (entry["author"], entry["created_at"]) == ("beth.anglin", "2026-05-01T09:02:00Z")
    else:
        assert entry["author"] == "Beth Anglin"
        assert "created_at" not in entry
        assert entry["created_at_shown"].endswith(":02:00")
    rest = await abel.call("get_journal", record=made["number"], limit=2, offset=2)
    assert [entry["text"] for entry in rest["records"]] == ["one"]
    assert "next_offset" not in rest
    beyond = await abel.call("get_journal", record=made["number"], offset=3)
    assert beyond["records"] == []


async def test_both_kinds_are_read_together_or_one_alone(abel: Desk, way: str) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], "note 0", "note 1")
    write(abel, made["sys_id"], "comment 0", element="comments")
    both = await abel.call("get_journal", record=made["number"])
    assert both["records"][0]["text"] == "note 1"
    assert {entry["kind"] for entry in both["records"]} == {"work_note", "comment"}
    comments = await abel.call("get_journal", record=made["number"], kind="comment")
    assert [entry["text"] for entry in comments["records"]] == ["comment 0"]


async def test_an_empty_journal_is_an_empty_list(abel: Desk, way: str) -> None:
    made = await incident_of(abel)
    answer = await abel.call("get_journal", record=made["number"])
    assert (answer["records"], answer["count"]) == ([], 0)


async def test_a_person_without_any_right_on_the_rows_still_reads_the_record(abel: Desk) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], "one")
    abel.fault(FaultKind.NOT_AUTHORIZED, path="/api/now/table/sys_journal_field")
    answer = await abel.call("get_journal", record=made["number"])
    assert [entry["text"] for entry in answer["records"]] == ["one"]


async def test_work_notes_are_withheld_from_the_caller_and_named(charlie: Desk) -> None:
    made = await incident_of(charlie)
    write(charlie, made["sys_id"], "internal")
    write(charlie, made["sys_id"], "for you", element="comments")
    answer = await charlie.call("get_incident", incident=made["number"])
    assert [entry["text"] for entry in answer["journal"]] == ["for you"]
    assert "work_note" in answer["hidden_fields"]


async def test_an_incident_comes_with_its_latest_twenty_entries(abel: Desk, way: str) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], *(f"note {n}" for n in range(25)))
    answer = await abel.call("get_incident", incident=made["number"])
    assert [entry["text"] for entry in answer["journal"]] == [f"note {n}" for n in range(24, 4, -1)]
    assert answer["journal_has_more"] is True
    without = await abel.call("get_incident", incident=made["number"], include_journal=False)
    assert "journal" not in without


async def test_long_entries_are_cut_and_as_many_are_returned_as_fit(abel: Desk, way: str) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], *(f"{n}" + '"' * 9_000 for n in range(20)))
    answer = await abel.call("get_journal", record=made["number"], limit=20)
    assert 0 < answer["count"] < 20
    assert answer["next_offset"] == answer["count"]
    assert "more characters)" in answer["records"][0]["text"]
    incident = await abel.call("get_incident", incident=made["number"])
    assert incident["journal_has_more"] is True


async def test_any_task_has_a_journal_not_only_incidents(abel: Desk) -> None:
    sys_id = abel.instance.insert(
        "problem", {"number": "PRB0040001", "short_description": "Printers burn"}
    )
    answer = await abel.call("add_work_note", record="PRB0040001", note="Known since May.")
    assert (answer["table"], answer["sys_id"]) == ("problem", sys_id)
    journal = await abel.call(
        "get_journal", record=f"http://localhost:8090/problem.do?sys_id={sys_id}"
    )
    assert [entry["text"] for entry in journal["records"]] == ["Known since May."]


async def test_the_caller_of_an_incident_that_others_opened_writes_and_reads_its_journal(
    charlie: Desk,
) -> None:
    values = {
        "number": "INC0099002",
        "caller_id": charlie.caller.sys_id,
        "opened_by": ABEL.sys_id,
        "state": "2",
    }
    row = charlie.row("incident", charlie.instance.insert("incident", values))
    link = f"http://localhost:8090/incident.do?sys_id={row['sys_id']}"
    for text in (row["number"], row["sys_id"], link):
        answer = await charlie.call("add_work_note", record=text, note="Me too", kind="comment")
        assert (answer["number"], answer["table"]) == (row["number"], "incident")
        assert "not_applied" not in answer
        journal = await charlie.call("get_journal", record=text, kind="comment")
        assert journal["records"][0]["text"] == "Me too"


async def test_charlie_cannot_read_the_journal_of_abels_incident(abel: Desk, charlie: Desk) -> None:
    made = await incident_of(abel)
    for text in (made["number"], made["sys_id"]):
        with pytest.raises(RecordNotFound):
            await charlie.call("get_journal", record=text)


def test_a_thread_is_taken_apart_at_its_headings() -> None:
    thread = (
        "2026-05-01 09:02:00 - Beth Anglin (Work notes)\r\nsecond\r\n\r\nline\r\n\r\n"
        "2026-05-01 09:00:00 - Abel - Tuter (Notes de travail)\r\nfirst\r\n\r\n"
    )
    entries = parsed(thread, field="work_notes")
    assert [(one.author, one.created_at_shown, one.text) for one in entries] == [
        ("Beth Anglin", "2026-05-01 09:02:00", "second\n\nline"),
        ("Abel - Tuter", "2026-05-01 09:00:00", "first"),
    ]


@pytest.mark.parametrize("time", ["01.05.2026 09:02:00", "05/01/2026 09:02:00 AM", "1-5-26 9:02"])
def test_headings_in_other_time_formats_are_known_too(time: str) -> None:
    [entry] = parsed(f"{time} - Beth Anglin (Work notes)\nText", field="work_notes")
    assert (entry.author, entry.created_at_shown, entry.text) == ("Beth Anglin", time, "Text")


def test_a_thread_without_a_heading_that_is_known_is_one_entry() -> None:
    [entry] = parsed("May the first, Beth: it burns", field="comments")
    assert entry.model_dump() == {"kind": "comment", "text": "May the first, Beth: it burns"}
    assert parsed(" \n", field="comments") == []


async def test_entries_whose_times_do_not_sort_keep_the_order_of_their_fields(abel: Desk) -> None:
    made = await incident_of(abel)
    write(abel, made["sys_id"], "note")
    write(abel, made["sys_id"], "comment 0", "comment 1", element="comments")
    abel.instance.update("sys_user", abel.caller.sys_id, {"date_format": "dd.MM.yyyy"})
    answer = await abel.call("get_journal", record=made["number"])
    assert len(answer["records"]) == 3
