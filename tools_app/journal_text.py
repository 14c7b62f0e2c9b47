"""The text of work notes and comments: where one entry ends on the form and the next begins."""

import re
from typing import Final

# Fields that keep entries instead of a value: their value reads "", their display is the thread.
JOURNAL_FIELDS: Final = frozenset({"work_notes", "comments", "comments_and_work_notes"})
# `2026-05-01 09:30:00 - Abel Tuter (Work notes)`, in the person's own time format and language.
HEADING: Final = re.compile(
    r"^(?P<time>(?=.*\d:\d\d)\d\S.{4,38}?) - (?P<author>.+) \([^()\n]+\)$", re.MULTILINE
)


def as_one_entry(text: str) -> str:
    """`text` with every line quoted that would look like the heading of somebody else's entry.

    The form shows a journal as one text, in which nothing else tells who wrote what.
    """
    lines = text.replace("\r\n", "\n")
    return HEADING.sub(lambda found: f"> {found[0]}", lines) if HEADING.search(lines) else text
