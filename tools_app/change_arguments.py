"""Arguments that only the tools for changes take."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from tools_app.arguments import MOMENT_ACCEPTED, ChoiceName, RecordName, RecordText, read_moment


def _planned(sentence: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "maxLength": 40, "description": f"{sentence}: {MOMENT_ACCEPTED}."}
    )


_PlainText = Annotated[str, Field(min_length=1, max_length=4_000)]

ChangeRecord = Annotated[
    RecordText, Field(description="Number (CHG0030001), sys_id or link of the change.")
]
ChangeType = Annotated[
    Literal["normal", "standard", "emergency"],
    Field(description="standard: from a template approved before; emergency: skips assessment."),
]
TypeFilter = Annotated[ChoiceName, Field(description="Label (Emergency) or value.")]
ChangeState = Annotated[
    ChoiceName, Field(description="Label (New, Assess, Scheduled, Closed) or value.")
]
Risk = Annotated[ChoiceName, Field(description="Label (Moderate) or value.")]
Subject = Annotated[
    str, Field(min_length=1, max_length=160, description="One line: what is to be done.")
]
Justification = Annotated[_PlainText, Field(description="Why it is needed, plain text.")]
ImplementationPlan = Annotated[_PlainText, Field(description="The steps, plain text.")]
BackoutPlan = Annotated[_PlainText, Field(description="How it is taken back, plain text.")]
TestPlan = Annotated[_PlainText, Field(description="How it is proved to work, plain text.")]
CloseCode = Annotated[ChoiceName, Field(description="Label (Successful) or value.")]
Template = Annotated[
    RecordName,
    Field(description="Name or sys_id of a standard change template; with type standard only."),
]
TaskKind = Annotated[ChoiceName, Field(description="Label (Implementation) or value.")]
PlannedStart = Annotated[datetime, BeforeValidator(read_moment), _planned("Planned start")]
PlannedEnd = Annotated[datetime, BeforeValidator(read_moment), _planned("Planned end")]
StartAfter = Annotated[datetime, BeforeValidator(read_moment), _planned("Planned start from")]
StartBefore = Annotated[datetime, BeforeValidator(read_moment), _planned("Planned start before")]
Timeframe = Annotated[
    Literal["upcoming", "in-progress", "completed"],
    Field(description="By planned dates: open and not begun, open and under way, or past the end."),
]
EncodedQuery = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description="More conditions as an encoded query (risk=2^ORrisk=3); fields and operators "
        "are checked; no scripts, ^NQ or grouping.",
    ),
]
Comments = Annotated[_PlainText, Field(description="Plain text for the journal of the change.")]
DecisionComments = Annotated[_PlainText, Field(description="Why, plain text.")]
Recalculate = Annotated[
    bool, Field(description="true: check again now; false: what the last check found.")
]
