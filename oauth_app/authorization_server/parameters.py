"""The parameters of an authorization request, read once and strictly."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest

# What the library is shown. Any other parameter is ours to judge, or ignored (RFC 6749 3.1).
_KNOWN_TO_THE_LIBRARY: Final[tuple[str, ...]] = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_MAY_BE_REPEATED: Final = "resource"  # RFC 8707 2
_MOST_PARAMETERS: Final = 50


class ParametersUnreadable(ValueError):
    """A query string that is too long or not UTF-8: its state could not be given back as it is."""


@dataclass(frozen=True)
class Parameters:
    """What a request says: what it says once, its resources, and the names it says repeatedly."""

    once: dict[str, str]
    resources: tuple[str, ...]
    repeated: frozenset[str]

    @property
    def prompts(self) -> frozenset[str]:
        """How the client wants the person to be asked (OpenID Connect Core 3.1.2.1)."""
        return frozenset(self.once.get("prompt", "").split())

    def for_library(self, request: HttpRequest) -> HttpRequest:
        """Return `request` as a GET with no more than the library is to judge."""
        query = {name: self.once[name] for name in _KNOWN_TO_THE_LIBRARY if name in self.once}
        return bare_request(request, query=urlencode(query))


class _BareRequest(HttpRequest):
    """A GET with another query string, the same sender and no cookies."""

    def __init__(self, original: HttpRequest, query: str) -> None:
        super().__init__()
        self.method = "GET"
        self.path = self.path_info = original.path
        self.META = original.META | {"QUERY_STRING": query}
        self.user = original.user


def bare_request(request: HttpRequest, *, query: str = "") -> HttpRequest:
    """Return `request` without its parameters, for a library that reads requests whole."""
    return _BareRequest(request, query)


def read_parameters(query: str) -> Parameters:
    """Return what `query` says. Raises `ParametersUnreadable`.

    What has no value counts as left out (RFC 6749 3.1). What is said more than once counts as
    said by nobody, and is named in `repeated`.
    """
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError as fault:
        raise ParametersUnreadable from fault
    named = Counter(name for name, _ in pairs if name != _MAY_BE_REPEATED)
    return Parameters(
        once={name: value for name, value in pairs if value and named[name] == 1},
        resources=tuple(value for name, value in pairs if name == _MAY_BE_REPEATED and value),
        repeated=frozenset(name for name, times in named.items() if times > 1),
    )
