"""pysnc: files on records."""

import tempfile
from pathlib import Path

from place import ADMIN, SIMULATOR, unique
from pysnc import ServiceNowClient

client = ServiceNowClient(SIMULATOR, ADMIN)

TEXT = "this is a sample attachment\nwith\nmulti\nlines"
BINARY = bytes(range(256)) * 5000


def _problem():  # noqa: ANN202  # the type is the client's
    record = client.GlideRecord("problem")
    record.initialize()
    record.short_description = unique("Unit Test - Attachments")
    assert record.insert()
    return record


def a_record_without_files_has_none() -> None:
    assert len(_problem().get_attachments()) == 0


def files_are_added_read_and_deleted() -> None:
    record = _problem()
    address = record.add_attachment("test.txt", TEXT)
    assert address.startswith(f"{SIMULATOR}/api/now/attachment/")
    assert len(record.get_attachments()) == 1
    record.add_attachment("test.bin", BINARY, content_type="application/octet-stream")
    again = client.GlideRecord("problem")
    assert again.get(str(record.sys_id))
    attachments = again.get_attachments()
    assert len(attachments) == 2
    for attachment in attachments:
        if attachment.file_name == "test.txt":
            assert attachment.readlines() == TEXT.split("\n")
        else:
            assert attachment.read() == BINARY
            assert attachment.size_bytes == str(len(BINARY))
            attachment.delete()
    assert len(record.get_attachments()) == 1


def a_file_is_written_to_disk() -> None:
    record = _problem()
    record.add_attachment("disk.txt", TEXT)
    for attachment in record.get_attachments():
        with tempfile.TemporaryDirectory() as directory:
            path = attachment.write_to(directory)
            assert path == Path(directory) / "disk.txt"
            assert path.read_text() == TEXT
        with attachment.as_temp_file() as file:
            assert file.read() == TEXT.encode()


def one_attachment_is_got_by_its_sys_id() -> None:
    address = _problem().add_attachment("one.txt", TEXT)
    sys_id = address.split("/")[-2]
    attachment = client.Attachment("problem")
    assert attachment.get(sys_id)
    assert attachment.get_link() == f"{SIMULATOR}/api/now/v1/attachment/{sys_id}/file"
    assert not client.Attachment("problem").get("bunk")


def files_go_with_their_record() -> None:
    record = _problem()
    sys_id = record.add_attachment("gone.txt", TEXT).split("/")[-2]
    record.delete()
    assert not client.Attachment("problem").get(sys_id)
