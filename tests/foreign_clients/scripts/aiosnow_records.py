"""aiosnow: its documented examples; every request asks for values and display values."""

import tempfile
from pathlib import Path

import aiosnow
from aiosnow.models import ModelSchema, fields
from aiosnow.models.table.declared import IncidentModel as Incident
from aiosnow.models.table.declared import JournalModel as Journal
from aiosnow.query import select
from place import ADMIN, HOST, IS_HTTPS, failure_of, unique

client = aiosnow.Client(HOST, basic_auth=ADMIN, use_ssl=IS_HTTPS)


class Group(ModelSchema):
    """What is read of an assignment group."""

    sys_id = fields.String()
    name = fields.String()


class WithGroup(Incident):
    """An incident with its assignment group."""

    assignment_group = Group


async def records_are_fetched_by_priority() -> None:
    async with Incident(client, table_name="incident") as incidents:
        found = await incidents.get(Incident.priority <= 3, limit=5)
        assert len(found) == 5
        for record in found:
            assert record["number"].startswith("INC")
            assert record["priority"].value[0] in "123"


async def records_are_streamed_page_by_page() -> None:
    query = select(Incident.number.starts_with("INC001")).order_asc(Incident.number)
    async with Incident(client, table_name="incident") as incidents:
        numbers = [
            record["number"] async for _, record in incidents.stream(query, limit=120, page_size=50)
        ]
    assert numbers == sorted(numbers)
    assert len(numbers) == len(set(numbers)) >= 120


async def one_record_is_fetched() -> None:
    async with Incident(client, table_name="incident") as incidents:
        found = await incidents.get_one(Incident.number == "INC0010001")
        assert found["short_description"].startswith("Email is down")
        assert found["state"].value == "In Progress"
        none = incidents.get_one(Incident.number == "none")
        await failure_of(aiosnow.exceptions.NoItems, none)


async def a_record_is_created_changed_and_deleted() -> None:
    async with Incident(client, table_name="incident") as incidents:
        payload = {"short_description": unique("Test"), "impact": 2, "urgency": 2}
        created = await incidents.create(payload)
        number = created["number"]
        assert created["priority"].value == "3 - Moderate"
        updated = await incidents.update(Incident.number == number, {"impact": 1})
        assert updated["impact"].value == "1 - High"
        again = await incidents.update(created["sys_id"], {"urgency": 1})
        assert again["priority"].value == "1 - Critical"
        assert (await incidents.delete(Incident.number == number)).status == 204


async def files_are_uploaded_and_downloaded() -> None:
    async with Incident(client, table_name="incident") as incidents:
        created = await incidents.create({"short_description": unique("With a file")})
        with tempfile.TemporaryDirectory() as directory:
            name = f"{unique('file').replace(' ', '-')}.txt"
            (Path(directory) / name).write_text("of some text")
            uploaded = await incidents.upload_file(created["sys_id"], str(Path(directory) / name))
            assert uploaded["file_name"] == name
            assert uploaded["size_bytes"] == 12
            condition = incidents._attachment.schema_cls.file_name == name
            found = await incidents.get_attachment(condition)
            assert found["table_sys_id"] == created["sys_id"]
            into = Path(directory) / "into"
            into.mkdir()
            await incidents.download_file(condition, str(into))
            assert (into / name).read_text() == "of some text"


async def what_is_refused_is_told() -> None:
    nobody = aiosnow.Client(HOST, basic_auth=("admin", "wrong"), use_ssl=IS_HTTPS)
    async with Incident(nobody, table_name="incident") as incidents:
        asked = incidents.get(Incident.priority <= 3, limit=5)
        refused = await failure_of(aiosnow.exceptions.RequestError, asked)
    assert "Required to provide Auth information" in str(refused)


async def journals_are_read() -> None:
    async with (
        Incident(client, table_name="incident") as incidents,
        Journal(client, table_name="sys_journal_field") as journal,
    ):
        created = await incidents.create({"short_description": unique("Noted")})
        await incidents.update(created["sys_id"], {"work_notes": "Seen to"})
        query = select(
            Journal.element_id.equals(created["sys_id"]) & Journal.element.equals("work_notes")
        ).order_asc(Journal.sys_created_on)
        (entry,) = await journal.get(query)
        assert (entry["value"], entry["sys_created_by"]) == ("Seen to", "admin")


async def references_are_followed_by_their_links() -> None:
    async with WithGroup(client, table_name="incident") as incidents:
        query = select(WithGroup.assignment_group.name.equals("Network")).order_asc(
            WithGroup.number
        )
        (record,) = await incidents.get(query, limit=1)
        assert record["assignment_group"]["name"] == "Network"
        assert len(record["assignment_group"]["sys_id"]) == 32
