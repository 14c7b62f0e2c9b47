"""What a tool does to records, and what an MCP client is told about it."""

from enum import StrEnum


class Access(StrEnum):
    """What a tool does. There is no other way to set the hints of a tool."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"

    @property
    def writes(self) -> bool:
        """Whether a tool of this access changes anything."""
        return self is not Access.READ

    def hints(self) -> dict[str, bool]:
        """All four hints of MCP's tool annotations.

        An update overwrites what stood there, which MCP calls destructive, and is never promised
        to be repeatable: a second work note is a second work note. Every tool stays within one
        ServiceNow instance, so no tool is open-world.
        """
        return {
            "readOnlyHint": not self.writes,
            "destructiveHint": self in {Access.UPDATE, Access.DELETE},
            "idempotentHint": self in {Access.READ, Access.DELETE},
            "openWorldHint": False,
        }
