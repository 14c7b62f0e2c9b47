"""Demo data: a few files that people attached to their incidents."""

import struct
import zlib
from dataclasses import dataclass

from simulator.areas.attachments.files import keep, packed
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_duration, later

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class DemoFile:
    """A file on an incident, attached some minutes after it was opened."""

    number: str
    name: str
    content_type: str
    content: bytes
    minutes: int = 5


def picture(width: int, height: int, *, color: tuple[int, int, int]) -> bytes:
    """A PNG of one color with a darker bar at its top, as of a window."""
    dark = bytes(channel // 3 for channel in color)
    bar = max(height // 6, 1)
    lines = [b"\x00" + (dark if at < bar else bytes(color)) * width for at in range(height)]
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 9)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return _PNG + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


FILES = (
    DemoFile(
        "INC0010001",
        "mail-queue.txt",
        "text/plain",
        b"mailq on mail-sd-01\n2,417 messages waiting\noldest: 5 h 12 min\n"
        b"last error: 451 4.4.1 connection timed out\n",
        minutes=20,
    ),
    DemoFile(
        "INC0010002",
        "vpn-client.log",
        "text/plain",
        b"09:02:11 tunnel up\n09:12:13 keepalive lost\n09:12:14 tunnel down\n"
        b"09:12:40 tunnel up\n09:22:41 keepalive lost\n09:22:42 tunnel down\n",
    ),
    DemoFile("INC0010005", "crm-error.png", "image/png", picture(96, 64, color=(198, 212, 227))),
    DemoFile(
        "INC0010006",
        "payroll-run.csv",
        "text/csv",
        b"step,started,ended,result\nlock,01:00:00,01:00:02,ok\n"
        b"calculate,01:00:02,01:31:47,lock time-out\n",
    ),
    DemoFile("INC0010006", "screen.png", "image/png", picture(120, 80, color=(240, 226, 196))),
)


def plant(instance: Instance) -> None:
    """Attach the files, by whoever called."""
    for file in FILES:
        incident = instance.query("incident", f"number={file.number}")[0]
        caller = instance.row("sys_user", incident["caller_id"]) or {}
        at = later(incident["opened_at"], as_duration(file.minutes * 60))
        values = {
            "sys_id": stable_sys_id("sys_attachment", file.number, file.name),
            "file_name": file.name,
            "content_type": file.content_type,
            "table_name": "incident",
            "table_sys_id": incident["sys_id"],
            "state": "available",
            "sys_created_on": at,
            "sys_updated_on": at,
            "sys_created_by": caller.get("user_name", ""),
            "sys_updated_by": caller.get("user_name", ""),
        }
        keep(instance, packed(file.content), values)
