"""Callers who show no credentials: some REST operations answer them, as the guest."""

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import Message, Scope, Send

from simulator.api.calls import ApiCall, call_of
from simulator.instance import Instance
from simulator.sign_in.proofs import KEY_NAME

_OPEN = """
SELECT "http_method", "operation_uri" FROM "sys_ws_operation"
WHERE "active" = 'true' AND "requires_authentication" = 'false'
"""


def is_open_to_guests(instance: Instance, scope: Scope) -> bool:
    """Whether a call without any credentials is to an operation that needs none.

    That is the check box "Requires authentication" of the operation (`sys_ws_operation`); of the
    base system only the knowledge API comes without it. Credentials that are wrong open nothing.
    """
    headers = Headers(scope=scope)
    parameters = QueryParams(scope["query_string"])
    shown = ("authorization" in headers, KEY_NAME in headers)
    if any(shown) or KEY_NAME in parameters or "access_token" in parameters:
        return False
    call = call_of(scope)
    return any(_is_of(call, method, uri) for method, uri in instance.store.rows(_OPEN))


def as_guest(send: Send) -> Send:
    """A `send` whose answers say that nobody is logged in."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["X-Is-Logged-In"] = "false"
        await send(message)

    return sent


def _is_of(call: ApiCall, method: str, uri: str) -> bool:
    row = {"http_method": method, "api_path": "", "resource": uri.removeprefix("/api/")}
    return bool(uri) and call.is_covered_by(row)
