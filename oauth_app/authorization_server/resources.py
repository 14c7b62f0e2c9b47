"""What our tokens are for (RFC 8707): the MCP endpoint, and nothing else."""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

_USUAL_PORTS = {"http": 80, "https": 443}


class ForeignResource(ValueError):
    """A resource that is not this server's MCP endpoint."""


def audience_of(asked: Iterable[str]) -> list[str]:
    """Return the audience of a token for the resources `asked` for: always the MCP endpoint.

    None at all means the endpoint too: clients of the 2025-03-26 revision do not send `resource`.
    Raises `ForeignResource` if one of them is something else.
    """
    ours = str(settings.MCP_RESOURCE)
    if not all(is_same_resource(resource, ours) for resource in asked if resource.strip()):
        raise ForeignResource
    return [ours]


def is_same_resource(one: str, other: str) -> bool:
    """Whether both name the same resource; a trailing slash and the case of the host are nothing.

    Raises nothing: what is no address is no resource.
    """
    try:
        return _normal(urlsplit(one)) == _normal(urlsplit(other))
    except ValueError:
        return False


def _normal(parts: SplitResult) -> tuple[object, ...]:
    if parts.username is not None or parts.fragment or not parts.hostname:
        raise ValueError("not the address of a resource")
    port = parts.port or _USUAL_PORTS.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/"), parts.query
