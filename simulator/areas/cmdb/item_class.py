"""How a class of configuration items is declared."""

from simulator.schema import Field, Table


def item_class(name: str, label: str, extends: str, *fields: Field, prefix: str = "") -> Table:
    """A class below another one, with the fields that it adds; `prefix` begins its numbers."""
    return Table(name=name, label=label, extends=extends, fields=fields, prefix=prefix)
