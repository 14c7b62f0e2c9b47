"""The clients that must work, and the revision that each is to speak with us."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tests.end_to_end.clients.by_hand import (
    COPILOT_STUDIO,
    SERVICENOW,
    by_hand,
    copilot_studio,
    servicenow_alone,
)
from tests.end_to_end.clients.command_line import inspector, mcp_remote
from tests.end_to_end.clients.python_clients import (
    fastmcp_client,
    python_client,
    python_client_with_header,
    python_sdk,
)
from tests.end_to_end.clients.service_principal import service_principal
from tests.end_to_end.clients.stage import Caller, Connect, OpenBrowser, Stage
from tests.end_to_end.clients.typescript import typescript, typescript_client

# The Python clients are told their era: in "auto" they fall back to a session where the answer to
# their first request, and with it the person's sign-in, takes more than ten seconds.
MODERN = "2026-07-28"
LAST_WITH_SESSIONS = "2025-11-25"
UNSAID = "2025-03-26"


@dataclass(frozen=True)
class ClientKind:
    """A client, and who works with it in the tests: of those with a session one person each."""

    connect: Connect
    revision: str
    user_name: str = "abel.tuter"
    path: str = ""
    keeps_session: bool = False


class Opens(Protocol):
    """Connects a client of an SDK that signs in with the browser it is given."""

    def __call__(
        self, stage: Stage, open_browser: OpenBrowser
    ) -> AbstractAsyncContextManager[Caller]: ...


# The clients that can be told in detail what to do, in both eras.
SDK_CLIENTS: dict[str, Opens] = {
    "python_modern": partial(python_client, mode=MODERN),
    "python_legacy": partial(python_client_with_header, mode="legacy"),
    "typescript_auto": partial(typescript_client, mode="auto"),
    "typescript_legacy": partial(typescript_client, mode="legacy"),
}

EVERY_CLIENT = {
    "python_modern": ClientKind(partial(python_sdk, mode=MODERN), MODERN),
    "python_legacy": ClientKind(
        partial(python_sdk, mode="legacy"), LAST_WITH_SESSIONS, "beth.anglin", keeps_session=True
    ),
    "fastmcp": ClientKind(partial(fastmcp_client, mode=MODERN), MODERN, "fred.luddy"),
    "typescript_auto": ClientKind(partial(typescript, mode="auto"), MODERN),
    "typescript_legacy": ClientKind(
        partial(typescript, mode="legacy"), LAST_WITH_SESSIONS, "david.loo", keeps_session=True
    ),
    "mcp_remote": ClientKind(
        partial(mcp_remote, mode="legacy"), LAST_WITH_SESSIONS, "don.goodliffe", keeps_session=True
    ),
    "mcp_remote_auto": ClientKind(partial(mcp_remote, mode="auto"), MODERN, "fred.luddy"),
    "inspector": ClientKind(inspector, LAST_WITH_SESSIONS, "bow.ruggeri"),
    "servicenow": ClientKind(
        partial(by_hand, vendor=SERVICENOW),
        SERVICENOW.revision,
        "charlie.whitherspoon",
        keeps_session=True,
    ),
    # Nothing but its first message says which revision it speaks, and no session remembers it.
    "servicenow_alone": ClientKind(servicenow_alone, UNSAID, path="/servicenow"),
    "service_principal": ClientKind(service_principal, UNSAID, path="/servicenow"),
    "copilot_studio": ClientKind(
        copilot_studio, COPILOT_STUDIO.revision, "joe.employee", keeps_session=True
    ),
}
