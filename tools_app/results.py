"""Types that results are made of, and how a record becomes one.

A field of a result names the field of ServiceNow that it comes from where that differs
(`From`); `read_into` does the rest by the field's type.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from servicenow.records import Page, Record, servicenow_time
from tools_app.cleaning import clean, clean_line

ANSWER_LIMIT = 50_000
LINE_LIMIT = 200
TEXT_LIMIT = 6_000

_WHEN_NOT_EMPTY = frozenset({"hidden_fields", "not_applied", "ignored"})


R = TypeVar("R", bound="Result")


class Result(BaseModel):
    """A result of a tool. What is not known is left out, never null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_serializer(mode="wrap")
    def _without_what_is_not_known(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = dump(self)
        return {
            name: value
            for name, value in fields.items()
            if value is not None and (value or name not in _WHEN_NOT_EMPTY)
        }


HiddenFields = Annotated[
    tuple[str, ...],
    Field(description="Fields that ServiceNow withholds from the signed-in person."),
]
NotApplied = Annotated[
    tuple[str, ...],
    Field(description="Fields that were sent, but the record shows something else."),
]
Ignored = Annotated[
    tuple[str, ...],
    Field(description="Fields that were dropped: only the server or ServiceNow may set them."),
]


class PageOf(Result, Generic[R]):
    """One page of a list."""

    records: list[R]
    count: int
    total: int | None = None
    next_offset: int | None = None
    hidden_fields: HiddenFields = ()

    @classmethod
    def of(cls, page: Page, rows: list[R], *, hidden_fields: Iterable[str], **more: Any) -> Self:  # noqa: ANN401  # fields of the page's own
        """The page on which `rows` stand, with what ServiceNow withheld; `more` are own fields."""
        return cls(
            records=rows,
            count=len(rows),
            total=page.total,
            next_offset=page.next_offset,
            hidden_fields=tuple(hidden_fields),
            **more,
        )


class NamedRecord(Result):
    """A record that another one points to."""

    sys_id: str
    name: str = ""


@dataclass(frozen=True)
class From:
    """The field of ServiceNow behind a field of a result, where the names differ."""

    field: str


@dataclass(frozen=True)
class As:
    """How the value of a record becomes the value of a result; None leaves it out."""

    read: Callable[[Record, str], Any]


def _line(record: Record, field: str) -> str | None:
    return clean_line(record.display(field), most=LINE_LIMIT) or None


def _text(record: Record, field: str) -> str | None:
    return clean(record.display(field), most=TEXT_LIMIT) or None


def _pointer(record: Record, field: str) -> NamedRecord | None:
    pointed = record.reference(field)
    if pointed is None:
        return None
    return NamedRecord(sys_id=pointed.sys_id, name=clean_line(pointed.name, most=LINE_LIMIT))


def _moment(record: Record, field: str) -> str | None:
    moment = servicenow_time(record.value(field))
    return iso(moment) if moment else None


def _truth(record: Record, field: str) -> bool | None:
    value = record.value(field)
    return None if value == "" else value == "true"


Line = Annotated[str, As(_line)]
Text = Annotated[str, As(_text)]
Label = Annotated[str, As(_line), Field(description="Its label.")]
Pointer = Annotated[NamedRecord, As(_pointer)]
Moment = Annotated[str, As(_moment), Field(description="ISO 8601, UTC.")]
Truth = Annotated[bool, As(_truth)]


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with `Z`, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def sources(model: type[Result]) -> Mapping[str, tuple[str, As]]:
    """For each field of `model` that comes from a record: ServiceNow's field and how it is read."""
    found = {}
    for name, info in model.model_fields.items():
        marks = [*info.metadata, *_marks_within(info.annotation)]
        reading = next((mark for mark in marks if isinstance(mark, As)), None)
        if reading:
            source = next((mark.field for mark in marks if isinstance(mark, From)), name)
            found[name] = (source, reading)
    return found


def _marks_within(annotation: object) -> list[object]:
    """The metadata of the branches of an optional annotation."""
    return [mark for branch in get_args(annotation) for mark in getattr(branch, "__metadata__", ())]


@cache
def fields_for(model: type[Result]) -> tuple[str, ...]:
    """The fields of ServiceNow that `model` is made of: what a request asks for, and no more."""
    return tuple(dict.fromkeys(source for source, _ in sources(model).values()))


def read_into(model: type[R], record: Record, **given: object) -> R:
    """`record` as `model`; `given` are the fields that do not come from the record."""
    values = {
        name: reading.read(record, source)
        for name, (source, reading) in sources(model).items()
        if record.has(source) and name not in given
    }
    return model(**{name: value for name, value in values.items() if value is not None}, **given)


def hidden(model: type[Result], records: Iterable[Record]) -> tuple[str, ...]:
    """The fields of `model` that ServiceNow withheld in any of `records`, by the result's names."""
    withheld = {field for record in records for field in record.hidden(fields_for(model))}
    return tuple(name for name, (source, _) in sources(model).items() if source in withheld)


def named(model: type[Result], fields: Iterable[str]) -> tuple[str, ...]:
    """Fields of ServiceNow by the names that `model` gives them, or their own."""
    names = {source: name for name, (source, _) in sources(model).items()}
    return tuple(names.get(field, field) for field in fields)


def size(value: object) -> int:
    """Characters of `value` as the compact JSON text that a client is sent."""
    dumped = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return len(json.dumps(dumped, ensure_ascii=False, separators=(",", ":")))


def fitting_text(text: str, *, within: int) -> str:
    """`text` cleaned and, with a mark, cut so that it takes at most `within` characters as JSON."""
    cleaned = clean(text, most=within - 2)
    # Quotes and line ends take two characters in JSON.
    return cleaned if size(cleaned) <= within else clean(text, most=(within - 2) // 2)


def how_many_fit(items: Sequence[Result], *, within: int) -> int:
    """How many of `items`, from the first on, take at most `within` characters as JSON."""
    taken = 0
    for number, item in enumerate(items):
        taken += size(item) + 1
        if taken > within:
            return number
    return len(items)
