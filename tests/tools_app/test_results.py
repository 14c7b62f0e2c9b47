"""How a record becomes a result: names of ours, labels, times, and nothing that is not known."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

import pytest
from pydantic import ValidationError

from servicenow.records import Record, Value
from tools_app.access import Access
from tools_app.exceptions import AmbiguousMatch, Candidate
from tools_app.results import (
    From,
    HiddenFields,
    Line,
    Moment,
    Pointer,
    Result,
    Text,
    Truth,
    fields_for,
    hidden,
    how_many_fit,
    iso,
    named,
    read_into,
    size,
)


class Thing(Result):
    """Everything a result can hold."""

    sys_id: str
    title: Annotated[Line, From("short_description")] | None = None
    story: Text | None = None
    owner: Pointer | None = None
    changed_at: Annotated[Moment, From("sys_updated_on")] | None = None
    active: Truth | None = None
    hidden_fields: HiddenFields = ()


def record(**fields: str | tuple[str, str]) -> Record:
    pairs = {name: (one, one) if isinstance(one, str) else one for name, one in fields.items()}
    return Record("thing", "1" * 32, {name: Value(*pair) for name, pair in pairs.items()})


def test_a_record_is_read_by_the_types_of_the_result() -> None:
    thing = read_into(
        Thing,
        record(
            short_description="Printer\u202e\nfour",
            story="<p>It burns</p>",
            owner=("2" * 32, "Abel Tuter"),
            sys_updated_on=("2026-05-01 09:00:00", "05/01/2026 11:00 AM"),
            active=("true", "Yes"),
        ),
        sys_id="1" * 32,
    )
    assert thing.model_dump(mode="json") == {
        "sys_id": "1" * 32,
        "title": "Printer four",
        "story": "It burns",
        "owner": {"sys_id": "2" * 32, "name": "Abel Tuter"},
        "changed_at": "2026-05-01T09:00:00Z",
        "active": True,
    }


def test_what_is_empty_or_hidden_is_left_out() -> None:
    empty = record(short_description="", story="", owner="", sys_updated_on="", active="")
    assert read_into(Thing, empty, sys_id="x").model_dump() == {"sys_id": "x"}
    assert read_into(Thing, record(), sys_id="x").model_dump() == {"sys_id": "x"}


def test_hidden_fields_go_by_the_names_of_the_result() -> None:
    some = record(short_description="x", story="", owner="", active="true")
    assert hidden(Thing, [some]) == ("changed_at",)
    assert hidden(Thing, [some, record()]) == ("title", "story", "owner", "changed_at", "active")
    assert named(Thing, ["sys_updated_on", "u_more"]) == ("changed_at", "u_more")


def test_only_the_fields_of_the_result_are_asked_for() -> None:
    assert fields_for(Thing) == (
        "short_description",
        "story",
        "owner",
        "sys_updated_on",
        "active",
    )


def test_lists_of_hidden_fields_appear_when_they_are_not_empty() -> None:
    assert Thing(sys_id="x", hidden_fields=("story",)).model_dump(mode="json") == {
        "sys_id": "x",
        "hidden_fields": ["story"],
    }


def test_a_result_takes_nothing_that_it_does_not_declare() -> None:
    with pytest.raises(ValidationError):
        Thing(sys_id="x", link="http://…")  # type: ignore[call-arg]  # that is the case


def test_times_are_utc_to_the_second() -> None:
    east = timezone(timedelta(hours=2))
    assert iso(datetime(2026, 5, 1, 9, 0, 0, 999, tzinfo=east)) == "2026-05-01T07:00:00Z"
    assert iso(datetime(2026, 5, 1, tzinfo=UTC)) == "2026-05-01T00:00:00Z"


def test_size_counts_the_compact_json_that_is_sent() -> None:
    assert size(Thing(sys_id="é")) == len('{"sys_id":"é"}')
    assert size([1, 2]) == len("[1,2]")


def test_as_many_fit_as_fit() -> None:
    things = [Thing(sys_id="x" * 10)] * 10
    each = size(things[0]) + 1
    assert how_many_fit(things, within=3 * each) == 3
    assert how_many_fit(things, within=3 * each - 1) == 2
    assert how_many_fit(things, within=1_000) == 10


def test_an_ambiguous_match_carries_five_candidates_at_most() -> None:
    failure = AmbiguousMatch("group", "x", candidates=(Candidate(str(n), "x") for n in range(9)))
    assert len(failure.candidates) == 5


@pytest.mark.parametrize(
    ("access", "hints"),
    [
        (Access.READ, (True, False, True)),
        (Access.CREATE, (False, False, False)),
        (Access.UPDATE, (False, True, False)),
        (Access.DELETE, (False, True, True)),
    ],
)
def test_access_gives_all_four_hints(access: Access, hints: tuple[bool, bool, bool]) -> None:
    names = ("readOnlyHint", "destructiveHint", "idempotentHint")
    assert access.hints() == dict(zip(names, hints, strict=True)) | {"openWorldHint": False}
