"""The `fields` of the knowledge API: each with its label, type, value and display value."""

from collections.abc import Mapping

from starlette.datastructures import QueryParams

from simulator.areas.knowledge.articles_found import TABLE
from simulator.instance import Instance


def asked_fields(instance: Instance, parameters: QueryParams) -> tuple[str, ...]:
    """The names given in one or more `fields` parameters, as far as there are such fields."""
    names = [name.strip() for given in parameters.getlist("fields") for name in given.split(",")]
    return tuple(name for name in dict.fromkeys(names) if instance.dictionary.resolve(TABLE, name))


def shown_fields(
    instance: Instance, record: Mapping[str, object], names: tuple[str, ...]
) -> dict[str, object]:
    """What a record that was read with both values has of these fields."""
    shown: dict[str, object] = {}
    for name in names:
        path, both = instance.dictionary.resolve(TABLE, name), record.get(name)
        if path is not None and isinstance(both, dict):
            shown[name] = {
                "display_value": both["display_value"],
                "name": name,
                "label": path.field.label,
                "type": path.field.type,
                "value": both["value"],
            }
    return shown
