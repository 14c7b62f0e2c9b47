"""`/oauth_auth.do`: signing in, the consent page and the way back to the client."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.instance import Row
from simulator.oauth.clients import OAuthClient
from simulator.oauth.codes import Asked
from simulator.oauth.scopes import granted_scope
from simulator.pages.templates import fill, message_page, page
from simulator.sign_in.forms import form_of
from simulator.sign_in.pages import signed_in_person
from simulator.sign_in.sessions import presented
from simulator.world import World, world_of


async def authorize(request: Request) -> Response:
    """GET /oauth_auth.do: the login page or the consent page, or a refusal."""
    world, query = world_of(request), request.query_params
    client = world.clients.find(query.get("client_id", ""))
    if client is None or not client.redirect_urls or not world.is_on("oauth_active"):
        return message_page("Unknown client", sentence="Invalid client_id in request.", status=400)
    if world.is_on("state_required") and not query.get("state"):
        return message_page(
            "Sign-in cannot start", sentence="Missing State parameter in request.", status=400
        )
    scope = granted_scope(world.instance, client.sys_id, asked=query.get("scope", "").strip())
    asked = _asked(request, client, scope=scope or "")
    refusal = "invalid_scope" if scope is None else _refusal(request, client)
    if refusal is not None:
        return _back(asked, {"error": refusal})
    person = signed_in_person(request)
    if person is None:
        here = f"{request.url.path}?{request.url.query}"
        return RedirectResponse(f"/login.do?sysparm_goto_url={quote(here, safe='')}", 302)
    return _consent_page(request, client=client, asked=asked, person=person)


async def answer_consent(request: Request) -> Response:
    """POST /oauth_auth.do: the consent page's Allow or Deny."""
    world, form = world_of(request), await form_of(request)
    person = signed_in_person(request)
    asked = world.consents.answered(form.get("consent", ""), session=presented(request.scope))
    if person is None or asked is None:
        return message_page(
            "This page is out of date",
            sentence="Go back to the application and connect again.",
            status=400,
        )
    if form.get("choice") != "allow":
        return _back(asked, {"error": "access_denied"})
    return _back(asked, _answer(world, asked, user=person["sys_id"]))


def _answer(world: World, asked: Asked, *, user: str) -> dict[str, str]:
    if asked.response_type == "code":
        return {"code": world.codes.issue(asked, user=user)}
    client = world.clients.find(asked.client_id)
    if client is None:
        return {"error": "access_denied"}
    granted = world.credentials.grant(client, user=user, scope=asked.scope, with_refresh=False)
    facts = granted.as_json(now=world.clock.timestamp())
    return {name: str(value) for name, value in facts.items()}


def _asked(request: Request, client: OAuthClient, *, scope: str) -> Asked:
    query = request.query_params
    return Asked(
        client_id=client.client_id,
        redirect=client.redirect_for(query.get("redirect_uri", "")),
        state=query.get("state", ""),
        scope=scope,
        response_type=query.get("response_type", ""),
        code_challenge=query.get("code_challenge", ""),
    )


def _refusal(request: Request, client: OAuthClient) -> str | None:
    query = request.query_params
    if query.get("response_type") not in {"code", "token"}:
        return "unsupported_response_type"
    challenge = query.get("code_challenge")
    if challenge and query.get("code_challenge_method") != "S256":
        return "invalid_request"
    return "invalid_request" if client.public and not challenge else None


def _consent_page(request: Request, *, client: OAuthClient, asked: Asked, person: Row) -> Response:
    consent = world_of(request).consents.show(asked, session=presented(request.scope))
    content = fill(
        "consent",
        client_name=client.name,
        name=person["name"],
        user_name=person["user_name"],
        redirect_host=urlsplit(asked.redirect).netloc,
        consent=consent,
        again=quote(f"{request.url.path}?{request.url.query}", safe=""),
    )
    return page(content, title=f"Connect {client.name}", signed_in_name=person["name"])


def _back(asked: Asked, facts: dict[str, str]) -> Response:
    if asked.state:
        facts = {**facts, "state": asked.state}
    parts = urlsplit(asked.redirect)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *facts.items()])
    return RedirectResponse(urlunsplit(parts._replace(query=query)), status_code=302)


ROUTES = [
    Route("/oauth_auth.do", authorize, methods=["GET"]),
    Route("/oauth_auth.do", answer_consent, methods=["POST"]),
]
