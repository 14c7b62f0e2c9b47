"""The XML of an update: a record as it is carried from one instance to another."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

INSERT_OR_UPDATE, DELETE = "INSERT_OR_UPDATE", "DELETE"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
# XML has no way to write these characters, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class UnreadablePayload(ValueError):  # a situation, not an error
    """A payload is no XML of records."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One record of a payload, and whether it is written or deleted."""

    table: str
    action: str
    values: Mapping[str, str]

    @property
    def sys_id(self) -> str:
        """Of the record."""
        return self.values.get("sys_id", "")


def payload(table: str, rows: Iterable[Mapping[str, str]], *, action: str) -> str:
    """The payload of records of a table that belong together: mostly it is one."""
    root = ET.Element("record_update", {"table": table})
    for row in rows:
        record = ET.SubElement(root, table, {"action": action})
        for name in sorted(row):
            ET.SubElement(record, name).text = _NOT_IN_XML.sub("", row[name])
    return _HEAD + ET.tostring(root, encoding="unicode")


def recorded(text: str) -> list[Recorded]:
    """The records of a payload. Raises UnreadablePayload."""
    if "<!" in text:
        # Entities could grow without bound; no payload declares any.
        raise UnreadablePayload
    try:
        root = ET.fromstring(text)  # noqa: S314  # what declares entities was refused above
    except (ET.ParseError, ValueError):
        raise UnreadablePayload from None
    found = [
        Recorded(
            table=element.tag,
            action=element.get("action", INSERT_OR_UPDATE),
            values={field.tag: field.text or "" for field in element if not len(field)},
        )
        for element in root.iter()
        if element.find("sys_id") is not None and _NAME.fullmatch(element.tag)
    ]
    if not found:
        raise UnreadablePayload
    return found
