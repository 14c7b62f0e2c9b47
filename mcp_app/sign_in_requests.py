"""Asking a person to sign in through their client, where it can show them an address.

A failure that only a sign-in mends carries `sign_in_url` for every client. A client that opens
addresses for its person (URL elicitation, 2025-11-25 and later) is asked to, and calls again
afterwards. Whoever opens the address signs in as themselves and is connected as themselves: it
gives the person who asked nothing of anybody else's.
"""

from typing import Any, Final

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import UrlElicitationRequiredError
from mcp_types import (
    CallToolRequestParams,
    ElicitRequest,
    ElicitRequestURLParams,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from mcp_app.tool_results import Answer

_QUESTION: Final = "sign_in"
_MESSAGE: Final = "Sign in to ServiceNow, so that this can go on as you."


def sign_in_request(
    ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams, answer: Answer
) -> InputRequiredResult | None:
    """Return what asks the person of a failed call to sign in; None where that is not the thing.

    A client of 2026-07-28 is asked once: what it sends back with the question's state is answered
    as it is. Raises `UrlElicitationRequiredError`, which is how a client of 2025-11-25 is asked.
    """
    failure = answer.result.structured_content or {}
    address = failure.get("sign_in_url")
    if not address or not _opens_addresses(ctx):
        return None
    if ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        asked = _asked(address, elicitation_id=failure["reference_id"])
        raise UrlElicitationRequiredError([asked], message=failure["message"])
    if params.request_state is not None:
        return None
    return InputRequiredResult(
        input_requests={_QUESTION: ElicitRequest(params=_asked(address))},
        request_state=_QUESTION,
    )


def _opens_addresses(ctx: ServerRequestContext[Any, Any]) -> bool:
    able = ctx.session.client_capabilities
    return able is not None and able.elicitation is not None and able.elicitation.url is not None


def _asked(address: str, *, elicitation_id: str | None = None) -> ElicitRequestURLParams:
    return ElicitRequestURLParams(message=_MESSAGE, url=address, elicitation_id=elicitation_id)
