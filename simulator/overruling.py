"""System properties that decide over switches of the same meaning, while they are set."""

from collections.abc import Callable

from simulator.switches import Switches

_SWITCHED_BY = {
    "glide.invalid_query.returns_no_rows": "invalid_query_returns_no_rows",
    "glide.export.query.enforce_field_acl": "query_field_acls",
}


class Overruling:
    """Keeps switches as the properties of an instance say; `read` gives a property's value."""

    def __init__(self, switches: Switches, read: Callable[[str], str]) -> None:
        self._switches = switches
        self._read = read
        self._overruled: dict[str, bool] = {}

    def follow(self) -> None:
        """Read the properties; where one is no longer set, its switch is again as it was."""
        for name, switch in _SWITCHED_BY.items():
            value = self._read(name)
            if value:
                self._overruled.setdefault(switch, getattr(self._switches, switch))
                setattr(self._switches, switch, value == "true")
            elif switch in self._overruled:
                setattr(self._switches, switch, self._overruled.pop(switch))
