"""Why the CMDB APIs refuse. The wording is not verified."""

from simulator.errors import Refusal


class InvalidClass(Refusal):
    """There is no such class of configuration items."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__("Invalid class name", f"{name} is not a class of the CMDB")


class InvalidSource(Refusal):
    """What is written comes from no source that `discovery_source` knows."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Invalid source", f"{name or 'An empty source'} is no choice of discovery_source"
        )


class InvalidRelation(Refusal):
    """A relation names no type or no item that there is."""

    def __init__(self, reason: str) -> None:
        super().__init__("Invalid relation", reason)


class NotIdentified(Refusal):
    """Identification and reconciliation could not place an item."""

    def __init__(self, reason: str) -> None:
        super().__init__("Failed to create or update the configuration item", reason)


class InvalidOption(Refusal):
    """An option of an enhanced call is no `name:true` or `name:false`."""

    def __init__(self, chunk: str) -> None:
        super().__init__("Invalid options", f"Chunk [{chunk}] is not a valid entry")
