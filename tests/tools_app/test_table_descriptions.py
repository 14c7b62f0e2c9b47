"""Tables as the resource `schema` tells them: one answer, whatever the table has."""

from servicenow.dictionary import Choice, FieldInfo
from tools_app.results import ANSWER_LIMIT, size
from tools_app.table_descriptions import TableDescription, described_table

CHOICES = [Choice(value=f"{n}", label=f"{n} {'y' * 150}") for n in range(60)]


def described(*, fields: int, with_choices: int) -> TableDescription:
    """A table of so many fields, the first of them with sixty choices each."""
    infos = [
        FieldInfo(name=f"u_{n:038}", table="u_wide", label="A label", type="string", max_length=40)
        for n in range(fields)
    ]
    given = [(info, CHOICES if n < with_choices else ()) for n, info in enumerate(infos)]
    told = described_table("u_wide", given)
    assert size(told) <= ANSWER_LIMIT
    return told


def test_choices_that_are_too_many_are_counted() -> None:
    for fields, most in ((3, 50), (20, 10), (40, 0)):
        told = described(fields=fields, with_choices=fields)
        first = told.fields[0]
        assert (len(first.choices or ()), first.choices_left_out) == (most, 60 - most)
        assert (told.count, told.fields_left_out) == (fields, None)


def test_fields_that_do_not_fit_are_named() -> None:
    told = described(fields=1_000, with_choices=1)
    assert told.fields_left_out
    assert len(told.fields) + len(told.fields_left_out) == told.count == 1_000
    assert len(told.fields) > 50
