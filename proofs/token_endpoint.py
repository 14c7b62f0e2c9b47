"""`python -m proofs.token_endpoint PORT`: a token endpoint that answers as the refresh token says.

`POST /oauth_token.do` with the refresh token `NAME|…` gets the reply of that name until
`PUT /mended/yes`, and a good one from then on. After `PUT /secret/NEW` another secret than that is
refused in ServiceNow's words.
"""

import asyncio
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

_REFUSED: Final = {"error": "server_error", "error_description": "access_denied"}
_LONGER_THAN_ANYBODY_WAITS: Final = 8.0
_PAGE: Final = "<html><body><form action='login.do'>…</form></body></html>"


def _tokens(**more: object) -> dict[str, object]:
    fresh = secrets.token_urlsafe(16)
    return {"access_token": fresh, "token_type": "Bearer", "expires_in": 1800, **more}


def _rfc(error: str, status: int) -> Response:
    return JSONResponse({"error": error}, status_code=status)


def _cut() -> Response:
    whole = JSONResponse(_tokens())
    return Response(whole.body[: len(whole.body) // 2], media_type="application/json")


REPLIES: Final[Mapping[str, object]] = {
    "new-token": lambda: JSONResponse(_tokens()),
    "rotated-refresh-token": lambda: JSONResponse(_tokens(refresh_token="new-token|rotated")),
    "no-later-expiry": lambda: JSONResponse(_tokens(expires_in=20)),
    "invalid_grant": lambda: _rfc("invalid_grant", 400),
    "access_denied": lambda: JSONResponse(_REFUSED, status_code=401),
    "invalid_client": lambda: _rfc("invalid_client", 401),
    "unauthorized_client": lambda: _rfc("unauthorized_client", 400),
    "429": lambda: JSONResponse({"error": "rate"}, status_code=429, headers={"Retry-After": "9"}),
    "500": lambda: JSONResponse(_REFUSED, status_code=500),
    "503": lambda: HTMLResponse("<h1>503</h1>", status_code=503),
    "sign-in-page": lambda: HTMLResponse(_PAGE),
    "hibernating-page": lambda: HTMLResponse("<title>Instance Hibernating page</title>"),
    "cut-in-half": _cut,
    "no-answer-in-time": None,
}


@dataclass
class _State:
    is_mended: bool = False
    secret: str = "right"


async def token(request: Request) -> Response:
    """Answer as the refresh token says."""
    state: _State = request.app.state.own
    form = {name: one[0] for name, one in parse_qs((await request.body()).decode()).items()}
    name = form["refresh_token"].partition("|")[0]
    if form.get("client_secret") != state.secret:
        return JSONResponse(_REFUSED, status_code=401)
    reply = REPLIES["new-token" if state.is_mended else name]
    if not callable(reply):
        await asyncio.sleep(_LONGER_THAN_ANYBODY_WAITS)
        return Response(status_code=504)
    answer: Response = reply()
    return answer


async def mend(request: Request) -> Response:
    """From now on every reply is a good one, or not any more."""
    request.app.state.own.is_mended = request.path_params["is_mended"] == "yes"
    return Response(status_code=204)


async def change_secret(request: Request) -> Response:
    """Take this secret and no other."""
    request.app.state.own.secret = request.path_params["secret"]
    return Response(status_code=204)


def main(port: str) -> None:
    """Serve until the process is told to end."""
    routes = [
        Route("/oauth_token.do", token, methods=["POST"]),
        Route("/mended/{is_mended}", mend, methods=["PUT"]),
        Route("/secret/{secret}", change_secret, methods=["PUT"]),
    ]
    app = Starlette(routes=routes)
    app.state.own = _State()
    uvicorn.run(app, port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1])
