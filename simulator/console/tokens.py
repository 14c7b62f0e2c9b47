"""Live tokens: whose, for which client, until when. A token itself is never shown."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import Cell, back_to, button, code, console_page, paragraph, table
from simulator.control.request_journal import fingerprint
from simulator.oauth.credentials import Credential
from simulator.sign_in.forms import form_of
from simulator.world import World, world_of


async def tokens(request: Request) -> Response:
    """GET /simulator/console/tokens."""
    world = world_of(request)
    rows = (_line(world, credential) for credential in world.credentials.alive())
    return console_page(
        request,
        paragraph("A fingerprint is the beginning of the token's SHA-256."),
        table(
            ("Person", "Client", "Type", "Scope", "Expires (UTC)", "Fingerprint", ""),
            rows,
            empty="No token is alive.",
        ),
        button("/tokens", "Expire all"),
        title="Tokens",
    )


async def expire(request: Request) -> Response:
    """POST /simulator/console/tokens: those of `user`, `client_id` and `type`, or all."""
    asked = await form_of(request)
    world_of(request).credentials.expire(
        user=asked.get("user", ""),
        client_id=asked.get("client_id", ""),
        type_=asked.get("type", ""),
    )
    return back_to("/tokens")


def _line(world: World, credential: Credential) -> tuple[Cell, ...]:
    person = world.instance.row("sys_user", credential.user)
    expires = datetime.fromtimestamp(credential.expires, UTC)
    return (
        person["user_name"] if person else credential.user,
        code(credential.client_id),
        credential.type,
        credential.scope,
        f"{expires:%Y-%m-%d %H:%M:%S}",
        code(fingerprint(credential.token) or ""),
        button(
            "/tokens",
            "Expire",
            user=credential.user,
            client_id=credential.client_id,
            type=credential.type,
        ),
    )
