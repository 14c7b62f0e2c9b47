"""The environment, where each value may also stand in a file that `NAME_FILE` names."""

from environ import FileAwareEnv
from environ.fileaware_mapping import FileAwareMapping


class _Values(FileAwareMapping):  # type: ignore[misc]  # environ has no types
    def __getitem__(self, name: str) -> str:
        """Return a value without the line end that editors and shells put behind it."""
        return str(super().__getitem__(name)).rstrip("\r\n")


class Environment(FileAwareEnv):  # type: ignore[misc]  # environ has no types
    """Reads settings with their types."""

    ENVIRON = _Values()
