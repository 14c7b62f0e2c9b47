"""Reading the headers of an ASGI scope."""

from starlette.types import Scope

_LONGEST_AGENT = 200


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value that was sent for `name` (lower case), in order; undecodable bytes as Latin-1."""
    return [value.decode("latin-1") for sent, value in scope["headers"] if sent.lower() == name]


def user_agent(scope: Scope) -> str:
    """What the client calls itself, printable characters only, shortened."""
    agent = " ".join(header_values(scope, b"user-agent"))
    return "".join(letter for letter in agent if letter.isprintable())[:_LONGEST_AGENT]


def client_address(scope: Scope) -> str:
    """The client's address, or "" where the server does not say."""
    return str((scope.get("client") or ("", 0))[0] or "")
