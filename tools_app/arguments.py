"""Shared types of arguments; each carries its limits and its one sentence.

What a model can fill in: numbers, links, names and labels beside sys_ids. What they mean on the
instance is found in `finding.py` and `choosing.py`, while the call runs.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

MOMENT_ACCEPTED = "ISO 8601 with zone (2026-05-01T09:00:00Z) or a date (2026-05-01, from 00:00 UTC)"
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
        description="The incident: its number (INC0010001), sys_id or a link from the browser.",
    ),
]
TaskRecord = Annotated[
    RecordText,
    Field(
        description="The record, an incident, change or any other task: its number (INC0010001, "
        "CHG0030001), sys_id or a link from the browser.",
    ),
]
GroupName = Annotated[RecordName, Field(description="The group: its name or sys_id.")]

AssignedTo = Annotated[
    RecordName,
    Field(description="Who works on it: user name, e-mail, full name or sys_id."),
]
CallerIs = Annotated[
    RecordName,
    Field(description="Whom it was reported for: user name, e-mail, full name or sys_id."),
]
AssignmentGroup = Annotated[RecordName, Field(description="Responsible group: its name or sys_id.")]
ConfigurationItem = Annotated[
    RecordName,
    Field(description="Affected configuration item: name or sys_id."),
]

State = Annotated[
    ChoiceName,
    Field(
        description="State: its label (In Progress) or value (2), as the instance has them.",
    ),
]
Priority = Annotated[ChoiceName, Field(description="Priority: label (1 - Critical) or value.")]
Urgency = Annotated[ChoiceName, Field(description="Urgency: label (1 - High) or value (1).")]
Impact = Annotated[ChoiceName, Field(description="Impact: label (2 - Medium) or value (2).")]
Category = Annotated[ChoiceName, Field(description="Category: label (Network) or value.")]
Subcategory = Annotated[ChoiceName, Field(description="Subcategory: label (VPN) or value.")]
ContactType = Annotated[ChoiceName, Field(description="How it came in: label (Phone) or value.")]
HoldReason = Annotated[
    ChoiceName,
    Field(
        description="Why it is on hold: label (Awaiting Vendor) or value; goes with state On Hold.",
    ),
]
CloseCode = Annotated[
    ChoiceName,
    Field(
        description="How it was resolved: label (Solution provided) or value.",
    ),
]

SearchText = Annotated[
    str,
    Field(
        min_length=2, max_length=200, description="Words in the number, short description or text."
    ),
]
ShortDescription = Annotated[
    str, Field(min_length=1, max_length=160, description="One line that says what is wrong.")
]
Description = Annotated[
    str, Field(min_length=1, max_length=4_000, description="The whole story, plain text.")
]
CloseNotes = Annotated[
    str, Field(min_length=1, max_length=4_000, description="What was done, plain text.")
]
Note = Annotated[
    str, Field(min_length=1, max_length=10_000, description="The text to add, plain text.")
]

OpenedAfter = Annotated[datetime, BeforeValidator(read_moment), _moment("Opened at or after")]
OpenedBefore = Annotated[datetime, BeforeValidator(read_moment), _moment("Opened before")]
UpdatedAfter = Annotated[datetime, BeforeValidator(read_moment), _moment("Changed at or after")]
UpdatedBefore = Annotated[datetime, BeforeValidator(read_moment), _moment("Changed before")]

OrderBy = Annotated[
    str,
    Field(
        max_length=80,
        pattern=r"^-?[a-z][a-z0-9_]*$",
        description="Field to sort by, `-` before it for descending: updated, opened, priority, "
        "state, number or any field of the table.",
    ),
]
Limit = Annotated[int, Field(ge=1, le=100, description="How many to return at most.")]
Offset = Annotated[
    int, Field(ge=0, le=1_000_000, description="Where to go on: the `next_offset` of a page.")
]
OtherFields = Annotated[
    dict[str, Annotated[str, Field(max_length=10_000)]],
    Field(
        max_length=30,
        description="Further fields by their ServiceNow names, values as text: "
        '{"due_date": "2026-05-01"}. Names, labels and times work as elsewhere. Fields that say '
        "who is acting and system fields are dropped and named in the answer.",
    ),
]

AssignedToMe = Annotated[bool, Field(description="Only what is assigned to the signed-in person.")]
Active = Annotated[bool, Field(description="true: only open ones; false: only ended ones.")]
IncludeJournal = Annotated[
    bool, Field(description="Whether to return the latest 20 work notes and comments too.")
]
NoteKind = Annotated[
    Literal["work_note", "comment"],
    Field(description="work_note: internal; comment: the caller sees it and may be notified."),
]
JournalKind = Annotated[
    Literal["work_note", "comment"], Field(description="Only entries of this kind.")
]
