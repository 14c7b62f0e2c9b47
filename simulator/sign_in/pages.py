"""The pages of signing in and out."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.areas.organisation.people import INTRODUCED
from simulator.instance import Row
from simulator.pages.templates import fill, join, page
from simulator.sign_in.forms import form_of
from simulator.sign_in.people import may_sign_in, proven_person
from simulator.sign_in.sessions import COOKIE, presented, set_cookies
from simulator.world import world_of


def signed_in_person(request: Request) -> Row | None:
    """The `sys_user` row of whoever is signed in with this browser and may still be."""
    world = world_of(request)
    user = world.sessions.person(presented(request.scope))
    person = world.instance.row("sys_user", user) if user else None
    return person if person is not None and may_sign_in(person) else None


def local_path(wanted: str) -> str:
    """A path on this instance; the start page for anything that could lead elsewhere."""
    # Browsers leave line breaks and tabs out of an address before they look where it leads.
    is_plain = wanted.isprintable()
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and is_plain else "/"


async def show_login(request: Request) -> Response:
    """GET /login.do: the form."""
    return _login_page(goto=local_path(request.query_params.get("sysparm_goto_url", "/")))


async def log_in(request: Request) -> Response:
    """POST /login.do: sign the person in with a new session and go where they wanted to go."""
    form = await form_of(request)
    goto = local_path(form.get("sysparm_goto_url", "/"))
    session = _signed_in(request, form)
    if session is None:
        return _login_page(goto=goto, user_name=form.get("user_name", ""), failed=True)
    return _with_cookies(RedirectResponse(goto, status_code=302), request, session)


async def log_in_by_script(request: Request) -> Response:
    """POST /angular.do?sysparm_type=view_form.login: signing in as portal pages do it.

    Source: the login widget of the service portal; the failure's status code is not verified.
    """
    form = await form_of(request)
    session = _signed_in(request, form)
    if session is None:
        message = "User name or password invalid"
        return JSONResponse({"status": "error", "message": message})
    goto = local_path(form.get("sysparm_goto_url", "/"))
    body = {"status": "success", "message": "Login successful", "redirect_url": goto}
    answer = JSONResponse(body)
    answer.headers["X-UserToken-Response"] = world_of(request).sessions.token(session)
    return _with_cookies(answer, request, session)


async def navigation(request: Request) -> Response:
    """GET /navpage.do: the page whose script knows the session's CSRF token (`g_ck`)."""
    if signed_in_person(request) is None:
        return RedirectResponse("/login.do?sysparm_goto_url=/navpage.do", status_code=302)
    token = world_of(request).sessions.token(presented(request.scope))
    return HTMLResponse(
        f"<!DOCTYPE html><html><head><title>ServiceNow</title></head><body>"
        f"<script>window.g_ck = '{token}';</script></body></html>",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def _signed_in(request: Request, form: Mapping[str, str]) -> str | None:
    """A new session of the person who proves themselves, in the place of the browser's old one."""
    world = world_of(request)
    person = proven_person(
        world,
        user_name=form.get("user_name", ""),
        password=form.get("user_password", ""),
        code=form.get("mfa_code", ""),
    )
    if person is None or not may_sign_in(person):
        return None
    world.sessions.end(presented(request.scope))
    return world.sessions.begin(person["sys_id"])


def _with_cookies(answer: Response, request: Request, session: str) -> Response:
    for cookie in set_cookies(session, https=request.url.scheme == "https"):
        answer.headers.append("Set-Cookie", cookie)
    return answer


async def log_out(request: Request) -> Response:
    """GET /logout.do: end the session; on to the page asked for, or the start page."""
    world_of(request).sessions.end(presented(request.scope))
    goto = local_path(request.query_params.get("sysparm_goto_url", "/"))
    answer = RedirectResponse(goto, status_code=302)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _login_page(*, goto: str, user_name: str = "", failed: bool = False) -> Response:
    people = [fill("login_person", user_name=known, note=note) for known, note in INTRODUCED]
    content = fill(
        "login",
        failure=fill("login_failure") if failed else "",
        goto=goto,
        user_name=user_name,
        people=join(people),
    )
    return page(content, title="Sign in")


ROUTES = [
    Route("/login.do", show_login, methods=["GET"]),
    Route("/login.do", log_in, methods=["POST"]),
    Route("/logout.do", log_out, methods=["GET"]),
    Route("/angular.do", log_in_by_script, methods=["POST"]),
    Route("/navpage.do", navigation, methods=["GET"]),
]
