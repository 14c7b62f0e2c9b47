"""Files as attachments keep them: compressed, in pieces of at most 700,000 bytes."""

import gzip
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from simulator.areas.attachments.images import image_of
from simulator.data.store import Store

CHUNK_BYTES = 700_000


class Rows(Protocol):
    """What attachments need of the instance: rows inserted, without ACLs."""

    def insert(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        as_user: str | None = None,
        run_rules: bool = False,
    ) -> str:
        """Insert a row; its sys_id."""


@dataclass(frozen=True)
class PackedFile:
    """A file ready to be kept: what `sys_attachment` says of it, and its pieces in Base64."""

    facts: Mapping[str, str]
    pieces: tuple[str, ...]
    lengths: tuple[int, ...]


def packed(content: bytes) -> PackedFile:
    """Compress a file and look at it. Takes about 30 ms for each megabyte."""
    compressed = gzip.compress(content, compresslevel=6, mtime=0)
    parts = list(_parts(compressed))
    image = image_of(content)
    return PackedFile(
        facts={
            "size_bytes": str(len(content)),
            "size_compressed": str(len(compressed)),
            "compressed": "true",
            "chunk_size_bytes": str(CHUNK_BYTES),
            "hash": sha256(content).hexdigest(),
            "image_width": str(image.width) if image else "",
            "image_height": str(image.height) if image else "",
            "average_image_color": image.color if image else "",
        },
        pieces=tuple(b64encode(part).decode() for part in parts),
        lengths=tuple(len(part) for part in parts),
    )


def keep(
    rows: Rows, file: PackedFile, values: Mapping[str, str], *, as_user: str | None = None
) -> str:
    """Write an attachment and its pieces; the sys_id of the attachment.

    `values` name file, type, table and record, and may name anything else. No ACL is asked, and
    no business rule runs where nobody acts.
    """
    whole = {**file.facts, **values}
    sys_id = rows.insert("sys_attachment", whole, as_user=as_user, run_rules=as_user is not None)
    for position, piece in enumerate(file.pieces):
        rows.insert(
            "sys_attachment_doc",
            {
                "sys_attachment": sys_id,
                "position": str(position),
                "length": str(file.lengths[position]),
                "data": piece,
            },
            as_user=as_user,
        )
    return sys_id


def content_of(store: Store, attachment: str) -> bytes | None:
    """The file of an attachment (a sys_id); None where its pieces make none."""
    pieces = store.rows(
        'SELECT "data" FROM "sys_attachment_doc" WHERE "sys_attachment" = ? ORDER BY "position"',
        (attachment,),
    )
    try:
        joined = b"".join(b64decode(data, validate=True) for (data,) in pieces)
        return gzip.decompress(joined) if joined else None
    except (OSError, EOFError, zlib.error, ValueError):
        return None


def _parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]
