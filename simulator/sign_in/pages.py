"""The pages of signing in and out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.areas.organisation.people import INTRODUCED
from simulator.instance import Row
from simulator.pages.templates import fill, join, page
from simulator.sign_in.forms import form_of
from simulator.sign_in.people import may_sign_in, proven_person
from simulator.sign_in.sessions import COOKIE, presented, set_cookie
from simulator.world import world_of


def signed_in_person(request: Request) -> Row | None:
    """The `sys_user` row of whoever is signed in with this browser and may still be."""
    world = world_of(request)
    user = world.sessions.person(presented(request.scope))
    person = world.instance.row("sys_user", user) if user else None
    return person if person is not None and may_sign_in(person) else None


def local_path(wanted: str) -> str:
    """A path on this instance; the start page for anything that could lead elsewhere."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local else "/"


async def show_login(request: Request) -> Response:
    """GET /login.do: the form."""
    return _login_page(goto=local_path(request.query_params.get("sysparm_goto_url", "/")))


async def log_in(request: Request) -> Response:
    """POST /login.do: sign the person in with a new session and go where they wanted to go."""
    world, form = world_of(request), await form_of(request)
    goto, user_name = local_path(form.get("sysparm_goto_url", "/")), form.get("user_name", "")
    person = proven_person(world, user_name=user_name, password=form.get("user_password", ""))
    if person is None or not may_sign_in(person):
        return _login_page(goto=goto, user_name=user_name, failed=True)
    world.sessions.end(presented(request.scope))
    session = world.sessions.begin(person["sys_id"])
    answer = RedirectResponse(goto, status_code=302)
    answer.headers["Set-Cookie"] = set_cookie(session, https=request.url.scheme == "https")
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
]
