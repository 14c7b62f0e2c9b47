"""Which files may be attached, by system properties, and what is known of images."""

import struct
import zlib

import pytest

from simulator.areas.attachments.images import Image, image_of
from simulator.areas.attachments.seed import picture
from simulator.world import World
from tests.simulator.areas.test_attachments_api import attached, upload
from tests.simulator.facts import fact
from tests.simulator.small_instance import ABEL, DANA, Api

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def api() -> Api:
    return Api()


def set_property(api: Api, name: str, value: str) -> None:
    api.instance.insert("sys_properties", {"name": name, "value": value})


@fact(
    "`com.glide.attachment.max_size` limits a file, in megabytes",
    tag="D Attachment API; the status is R",
)
async def test_a_property_limits_the_size(api: Api) -> None:
    set_property(api, "com.glide.attachment.max_size", "1")
    assert (await upload(api, content=b"x" * 1024 * 1024)).status_code == 201
    assert (await upload(api, content=b"x" * (1024 * 1024 + 1))).status_code == 413


async def test_a_limit_that_makes_no_sense_is_the_default(api: Api) -> None:
    set_property(api, "com.glide.attachment.max_size", "much")
    assert (await upload(api)).status_code == 201


@fact(
    "Once `glide.attachment.extensions` lists any, only files with those may be attached",
    tag="D Attachment API; the status is R",
)
@pytest.mark.parametrize(
    ("name", "status"), [("a.txt", 201), ("a.PNG", 201), ("a.exe", 403), ("txt", 403)]
)
async def test_a_property_lists_the_extensions(api: Api, name: str, status: int) -> None:
    set_property(api, "glide.attachment.extensions", "txt, png")
    assert (await upload(api, name=name)).status_code == status


@fact(
    "A list of forbidden extensions and media types counts once it is switched on",
    tag="D Exploring source control; the status is R",
)
async def test_properties_forbid_extensions_and_types(api: Api) -> None:
    set_property(api, "glide.attachment.blacklisted.extensions", "exe,com")
    set_property(api, "glide.attachment.blacklisted.types", "application/x-msdownload")
    assert (await upload(api, name="a.exe")).status_code == 201
    set_property(api, "glide.security.attachment_type.use_blacklist", "true")
    assert (await upload(api, name="a.exe")).status_code == 403
    refused = await upload(api, content_type="application/x-msdownload; a=b")
    assert refused.status_code == 403
    assert refused.json()["error"]["message"] == "Operation Failed"
    assert (await upload(api)).status_code == 201


@fact(
    "`glide.attachment.role` names who may attach files; empty, everybody may",
    tag="D Attachments; the status is R",
)
async def test_a_property_says_who_may_attach(api: Api) -> None:
    set_property(api, "glide.attachment.role", "attachment_writer")
    assert (await upload(api, by=ABEL)).status_code == 403
    assert (await upload(api, by=DANA)).status_code == 201


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("image/png; charset=x", "image/png"),
        ("nonsense", "application/octet-stream"),
        ("text/plain\u00e9", "application/octet-stream"),
    ],
)
async def test_a_content_type_is_kept_without_parameters(api: Api, given: str, kept: str) -> None:
    result = await attached(api, content_type=given.encode("latin-1"))
    assert result["content_type"] == kept


@fact("Of an image its width, height and average color are kept", tag="R")
async def test_what_is_known_of_an_image(api: Api) -> None:
    image = picture(30, 12, color=(90, 120, 150))
    result = await attached(api, content=image, content_type="image/png")
    assert (result["image_width"], result["image_height"]) == ("30", "12")
    assert result["average_image_color"] == "#506a85"


def scanlines(kind: int, rows: list[bytes], *, depth: int = 8, width: int = 1) -> bytes:
    """A PNG of one color type whose lines are given with their filters."""
    head = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))))
    packed = b"".join(
        struct.pack(">I", len(data)) + name + data + b"\0\0\0\0" for name, data in chunks
    )
    return PNG + packed


@pytest.mark.parametrize(
    ("content", "image"),
    [
        (scanlines(0, [b"\x00\x10", b"\x02\x10"]), Image(1, 2, "#181818")),
        (scanlines(0, [b"\x01\x10\x10", b"\x03\x08\x08"], width=2), Image(2, 2, "#181818")),
        (scanlines(0, [b"\x00\x10\x20", b"\x04\x01\x01"], width=2), Image(2, 2, "#181818")),
        (scanlines(6, [b"\x00\x10\x20\x30\xff"]), Image(1, 1, "#102030")),
        (scanlines(3, [b"\x00\x01"]), Image(1, 1)),
        (scanlines(0, [b"\x00\x01"], depth=1), Image(1, 1)),
        (scanlines(0, [b"\x00\x01"] * 3, width=9000), Image(9000, 3)),
        (b"GIF89a\x20\x00\x10\x00", Image(32, 16)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x10\x00\x20", Image(32, 16)),
    ],
)
def test_the_head_of_an_image_tells_its_size(content: bytes, image: Image) -> None:
    assert image_of(content) == image


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        PNG,
        scanlines(0, [b"\x07\x01"]),
        scanlines(0, [b""]),
        scanlines(2, [b"\x00\x01"]),
        b"GIF87a\x20",
        b"\xff\xd8",
        b"\xff\xd8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    ],
)
def test_what_is_no_image_or_a_broken_one_has_no_size(content: bytes) -> None:
    assert image_of(content) is None


def test_incidents_of_the_demo_have_files(world: World) -> None:
    rows = world.instance.query("sys_attachment", "ORDERBYfile_name")
    assert [row["file_name"] for row in rows] == [
        "crm-error.png",
        "mail-queue.txt",
        "payroll-run.csv",
        "screen.png",
        "vpn-client.log",
    ]
    assert {row["state"] for row in rows} == {"available"}
    assert all(world.instance.row("incident", row["table_sys_id"]) for row in rows)
