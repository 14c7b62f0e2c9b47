"""Schemas that every client can read."""

from pydantic import BaseModel

from tools_app.schemas import flat_schema, refused_parts


class Inner(BaseModel):
    """For readers of the code."""

    name: str


class Outer(BaseModel):
    """For readers of the code too."""

    one: Inner
    many: list[Inner]
    perhaps: Inner | None = None
    title: str | None = None


def test_references_nulls_titles_and_docstrings_are_written_away() -> None:
    inner = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    assert flat_schema(Outer) == {
        "type": "object",
        "required": ["one", "many"],
        "properties": {
            "one": inner,
            "many": {"type": "array", "items": inner},
            "perhaps": inner,
            "title": {"type": "string"},
        },
    }


def test_what_clients_choke_on_is_found_wherever_it_stands() -> None:
    schema = {
        "type": ["object", "null"],
        "properties": {
            "anyOf": {"type": "string", "default": {"$ref": "no schema"}},
            "b": {"items": [{"oneOf": []}], "enum": [{"allOf": 1}]},
        },
    }
    assert refused_parts(schema) == ["type", "properties.b.items[0].oneOf"]
