"""What our tokens are for (RFC 8707): the MCP endpoint or its alias, and nothing else.

The alias, for ServiceNow's own MCP client, is a resource of its own: a token for the endpoint
opens both, a token for the alias opens the alias alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MCP_PATH: Final = "/mcp"
SERVICENOW_PATH: Final = "/mcp/servicenow"
_USUAL_PORTS = {"http": 80, "https": 443}


class ForeignResource(ValueError):
    """A resource that is not this server's, or goes beyond what was granted."""


def resource_at(path: str) -> str:
    """Return the resource at one of our paths, as people type it: an absolute address."""
    return str(settings.MCP_RESOURCE) + path.removeprefix(MCP_PATH)


def audience_of(asked: Iterable[str], *, granted: Sequence[str] = ()) -> list[str]:
    """Return the audience of a token for the resources `asked` for, within what was `granted`.

    Where none is asked for it is what was granted, or else the MCP endpoint: clients of the
    2025-03-26 revision do not send `resource`. Raises `ForeignResource` if one of them is
    something else, or more than was granted.
    """
    wanted = [resource for resource in asked if resource.strip()]
    if not wanted:
        return list(granted) or [resource_at(MCP_PATH)]
    audience = [_own(resource) for resource in wanted]
    for resource in audience:
        if granted and not any(opens(one, resource) for one in granted):
            raise ForeignResource
    return list(dict.fromkeys(audience))


def opens(audience: str, resource: str) -> bool:
    """Whether a token for `audience` opens `resource`; one for the endpoint opens the alias too."""
    if is_same_resource(audience, resource):
        return True
    is_alias = is_same_resource(resource, resource_at(SERVICENOW_PATH))
    return is_alias and is_same_resource(audience, resource_at(MCP_PATH))


def is_same_resource(one: str, other: str) -> bool:
    """Whether both name the same resource; a trailing slash and the case of the host are nothing.

    Raises nothing: what is no address is no resource.
    """
    try:
        return _normal(urlsplit(one)) == _normal(urlsplit(other))
    except ValueError:
        return False


def _own(resource: str) -> str:
    for path in (MCP_PATH, SERVICENOW_PATH):
        if is_same_resource(resource, resource_at(path)):
            return resource_at(path)
    raise ForeignResource


def _normal(parts: SplitResult) -> tuple[object, ...]:
    if parts.username is not None or parts.fragment or not parts.hostname:
        raise ValueError("not the address of a resource")
    port = parts.port or _USUAL_PORTS.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/"), parts.query
