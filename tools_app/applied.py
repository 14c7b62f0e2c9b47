"""Whether a record shows what was sent to it.

ServiceNow drops values without a word where an ACL, a UI policy or a business rule says so, so
the only proof of a write is the record read afterwards.
"""

from collections.abc import Mapping

from servicenow.records import Record
from tools_app.journal_text import JOURNAL_FIELDS


def not_applied(sent: Mapping[str, str], record: Record) -> tuple[str, ...]:
    """The fields of `sent` for which `record` shows something else.

    A field that the person may not read says nothing either way and is left out.
    """
    return tuple(
        name for name, value in sent.items() if record.has(name) and not _shows(record, name, value)
    )


def _shows(record: Record, field: str, sent: str) -> bool:
    if field in JOURNAL_FIELDS:
        return _plain(sent) in _plain(record.display(field))
    return _plain(record.value(field)) == _plain(sent)


def _plain(text: str) -> str:
    """Without differences of line ends and margins, which the instance evens out."""
    return " ".join(text.split())
