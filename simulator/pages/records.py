"""The start page and the page of one incident: what a person may see of it, and nothing to change.

They let whoever tries the demo look up in "ServiceNow" what was done through MCP.
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.instance import Instance, Row
from simulator.pages.templates import Html, asset, fill, join, message_page, page
from simulator.records.plans import Wanted
from simulator.records.rendering import Display
from simulator.sign_in.pages import local_path, signed_in_person
from simulator.world import world_of

SHOWN_INCIDENTS = 15
LIST_FIELDS = ("sys_id", "number", "short_description", "state", "priority")
FACTS = (
    "state",
    "priority",
    "impact",
    "urgency",
    "caller_id",
    "opened_by",
    "opened_at",
    "assignment_group",
    "assigned_to",
    "category",
    "subcategory",
    "cmdb_ci",
    "contact_type",
    "hold_reason",
    "close_code",
    "close_notes",
    "resolved_by",
    "description",
    "sys_updated_by",
    "sys_updated_on",
)
ACTIVITY = "comments_and_work_notes"
RECORD_FIELDS = ("number", "short_description", *FACTS, ACTIVITY)


async def home(request: Request) -> Response:
    """GET /: who is signed in and their latest incidents, or a button to sign in."""
    person = signed_in_person(request)
    if person is None:
        return page(fill("home_signed_out"), title="Start")
    instance, mine = world_of(request).instance, person["sys_id"]
    rows = instance.query(
        "incident",
        f"active=true^caller_id={mine}^ORassigned_to={mine}^ORDERBYDESCsys_updated_on",
    )
    shown = (
        _shown(instance, row["sys_id"], person=person, fields=LIST_FIELDS)
        for row in rows[:SHOWN_INCIDENTS]
    )
    content = fill(
        "home_signed_in",
        name=person["name"],
        user_name=person["user_name"],
        open_incidents=str(len(rows)),
        rows=join([fill("home_row", **facts) for facts in shown if facts is not None]),
    )
    return page(content, title="Start", signed_in_name=person["name"])


async def incident(request: Request) -> Response:
    """GET /incident.do?sys_id=: one incident as the signed-in person may see it."""
    person = signed_in_person(request)
    if person is None:
        here = quote(f"{request.url.path}?{request.url.query}", safe="")
        return RedirectResponse(f"/login.do?sysparm_goto_url={here}", status_code=302)
    instance = world_of(request).instance
    sys_id = request.query_params.get("sys_id", "")
    facts = _shown(instance, sys_id, person=person, fields=RECORD_FIELDS)
    if facts is None:
        return message_page(
            "Record not found", sentence="It does not exist, or you may not see it."
        )
    labels = instance.dictionary.fields_of("incident")
    content = fill(
        "record",
        number=facts["number"],
        short_description=facts["short_description"],
        facts=join([_fact(labels[name].label, facts[name]) for name in FACTS if facts.get(name)]),
        activity=facts.get(ACTIVITY) or "Nothing yet.",
    )
    return page(content, title=facts["number"], signed_in_name=person["name"])


async def navigate(request: Request) -> Response:
    """GET /nav_to.do?uri=: the address under which the real thing shows a page in its frame."""
    uri = request.query_params.get("uri", "")
    return RedirectResponse(local_path(f"/{uri.lstrip('/')}"), status_code=302)


async def styles(_: Request) -> Response:
    """GET /simulator.css."""
    return Response(asset("simulator.css"), media_type="text/css")


async def icon(_: Request) -> Response:
    """GET /simulator.svg and /favicon.ico."""
    return Response(asset("simulator.svg"), media_type="image/svg+xml")


def _shown(
    instance: Instance, sys_id: str, *, person: Row, fields: tuple[str, ...]
) -> dict[str, str] | None:
    """The fields of an incident in words; what ACLs hide is empty, None for the whole of it."""
    wanted = Wanted(table="incident", fields=fields, display=Display.LABELS, links=False)
    acting = instance.person(person["sys_id"])
    record = acting and instance.reader.one(wanted, sys_id, person=acting, host="")
    if not record:
        return None
    return {name: str(record.get(name, "")) for name in fields}


def _fact(label: str, shown: str) -> Html:
    return fill("record_fact", label=label, shown=shown)


ROUTES = [
    Route("/", home, methods=["GET"]),
    Route("/navpage.do", home, methods=["GET"]),
    Route("/incident.do", incident, methods=["GET"]),
    Route("/nav_to.do", navigate, methods=["GET"]),
    Route("/simulator.css", styles, methods=["GET"]),
    Route("/simulator.svg", icon, methods=["GET"]),
    Route("/favicon.ico", icon, methods=["GET"]),
]
