"""Shared types of arguments; each carries its limits and its one sentence.

What a model can fill in: numbers, links, names and labels beside sys_ids. What they mean on the
instance is found in `finding.py` and `choosing.py`, while the call runs.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

MOMENT_ACCEPTED = "ISO 8601 with zone (2026-05-01T09:00:00Z) or a date (00:00 UTC)"
_SHORTEST_DATE = len("2026-05-01")


def read_moment(text: str) -> datetime:
    """An ISO 8601 time with its zone, or a date, which is its first moment in UTC.

    Raises ValueError for anything else, also for a time without a zone.
    """
    moment = datetime.fromisoformat(text.strip())
    if len(text.strip()) == _SHORTEST_DATE:
        return moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        message = "a time without a zone could mean any"
        raise ValueError(message)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        message = "ServiceNow keeps times in UTC, where this one is before year 1 or after 9999"
        raise ValueError(message) from None
    return moment


def _moment(sentence: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "maxLength": 40, "description": f"{sentence}: {MOMENT_ACCEPTED}."}
    )


# What kinds of text have in common; each argument adds its sentence.
RecordText = Annotated[str, Field(min_length=3, max_length=1_000)]
RecordName = Annotated[str, Field(min_length=1, max_length=200)]
ChoiceName = Annotated[str, Field(min_length=1, max_length=100)]

IncidentRecord = Annotated[
    RecordText,
    Field(
        description="Number (INC0010001), sys_id or link of the incident.",
    ),
]
TaskRecord = Annotated[
    RecordText,
    Field(
        description="Number (INC0010001, CHG0030001), sys_id or link of the record.",
    ),
]
GroupName = Annotated[RecordName, Field(description="Name or sys_id of the group.")]

TableName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{1,79}$", max_length=80, description="Name of the table."),
]

SuggestedKind = Annotated[
    Literal[
        "incident",
        "change_request",
        "kb_knowledge",
        "catalog",
        "change_summary",
        "article_topic",
        "group",
        "table",
        "approval",
    ],
    Field(description="What is to be filled in."),
]
FirstLetters = Annotated[str, Field(max_length=100, description="What is there so far.")]

AssignedTo = Annotated[
    RecordName,
    Field(description="Who works on it: user name, e-mail, full name or sys_id."),
]
CallerIs = Annotated[
    RecordName,
    Field(description="Who reported it: user name, e-mail, full name or sys_id."),
]
AssignmentGroup = Annotated[RecordName, Field(description="Name or sys_id of the group.")]
ConfigurationItem = Annotated[
    RecordName,
    Field(description="Name or sys_id of what is affected."),
]

State = Annotated[
    ChoiceName,
    Field(
        description="Label (In Progress) or value.",
    ),
]
Priority = Annotated[ChoiceName, Field(description="Label (1 - Critical) or value.")]
Urgency = Annotated[ChoiceName, Field(description="Label (1 - High) or value.")]
Impact = Annotated[ChoiceName, Field(description="Label (2 - Medium) or value.")]
Category = Annotated[ChoiceName, Field(description="Label (Network) or value.")]
Subcategory = Annotated[ChoiceName, Field(description="Label (VPN) or value.")]
ContactType = Annotated[ChoiceName, Field(description="How it came in: label (Phone) or value.")]
HoldReason = Annotated[
    ChoiceName,
    Field(
        description="Label (Awaiting Vendor) or value; only with state On Hold.",
    ),
]
CloseCode = Annotated[
    ChoiceName,
    Field(
        description="Label (Solution provided) or value.",
    ),
]

SearchText = Annotated[
    str,
    Field(
        min_length=2,
        max_length=200,
        description="Words in number or descriptions.",
    ),
]
ShortDescription = Annotated[
    str, Field(min_length=1, max_length=160, description="One line: what is wrong.")
]
Description = Annotated[str, Field(min_length=1, max_length=4_000, description="Plain text.")]
CloseNotes = Annotated[
    str, Field(min_length=1, max_length=4_000, description="What was done, plain text.")
]
Note = Annotated[str, Field(min_length=1, max_length=10_000, description="Plain text.")]

OpenedAfter = Annotated[datetime, BeforeValidator(read_moment), _moment("Opened at or after")]
OpenedBefore = Annotated[datetime, BeforeValidator(read_moment), _moment("Opened before")]
UpdatedAfter = Annotated[datetime, BeforeValidator(read_moment), _moment("Changed at or after")]
UpdatedBefore = Annotated[datetime, BeforeValidator(read_moment), _moment("Changed before")]

OrderBy = Annotated[
    str,
    Field(
        max_length=80,
        pattern=r"^-?[a-z][a-z0-9_]*$",
        description="updated, opened, priority, state, number or another field; `-` first: "
        "descending.",
    ),
]
Limit = Annotated[int, Field(ge=1, le=100, description="Most to return.")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="`next_offset` of the page before.")]
OtherFields = Annotated[
    dict[str, Annotated[str, Field(max_length=10_000)]],
    Field(
        max_length=30,
        description="More fields by ServiceNow's names; values: text, names, labels, times: "
        '{"due_date": "2026-05-01"}. Who is acting and system fields are dropped and named.',
    ),
]

AssignedToMe = Annotated[bool, Field(description="Only what is assigned to me.")]
Active = Annotated[bool, Field(description="true: open ones; false: ended ones.")]
IncludeJournal = Annotated[bool, Field(description="Also return the latest 20 notes and comments.")]
NoteKind = Annotated[
    Literal["work_note", "comment"],
    Field(description="work_note: internal; comment: the caller sees it and may be notified."),
]
JournalKind = Annotated[
    Literal["work_note", "comment", "approval"], Field(description="Only entries of this kind.")
]
