"""People: who is there, what they hold, and whether they may sign in."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.console.parts import back_to, button, console_page, field, form, link, table
from simulator.instance import Instance, Row
from simulator.pages.templates import Html, join
from simulator.queries.parsing import literal
from simulator.sign_in.forms import form_of
from simulator.world import world_of

SHOWN = 100


async def people(request: Request) -> Response:
    """GET /simulator/console/people: `?name=` filters by name or user name."""
    instance, wanted = world_of(request).instance, request.query_params.get("name", "")
    text = literal(wanted)
    query = f"nameLIKE{text}^ORuser_nameLIKE{text}^ORDERBYuser_name" if text else "ORDERBYuser_name"
    rows = instance.query("sys_user", query, limit=SHOWN)
    return console_page(
        request,
        form(
            "/people", field("name", "Name contains", value=wanted), submit="Filter", method="get"
        ),
        table(
            ("User name", "Name", "Roles", "May sign in", ""),
            (_line(instance, row) for row in rows),
            empty="Nobody has such a name.",
        ),
        title="People",
    )


async def change(request: Request) -> Response:
    """POST /simulator/console/people: lock, unlock, turn off or on one person."""
    asked, instance = await form_of(request), world_of(request).instance
    person = instance.find_user(asked.get("user_name", ""))
    name, value = asked.get("field", ""), asked.get("value", "")
    if person is None or name not in ("locked_out", "active") or value not in ("true", "false"):
        return back_to("/people", note="refused")
    instance.update("sys_user", person["sys_id"], {name: value})
    return back_to("/people")


def _line(instance: Instance, row: Row) -> tuple[str | Html, ...]:
    person = instance.person(row["sys_id"])
    locked, active = row["locked_out"] == "true", row["active"] == "true"
    return (
        link(f"/records/sys_user/{row['sys_id']}", row["user_name"]),
        row["name"],
        ", ".join(sorted(person.roles)) if person else "",
        "locked out" if locked else "yes" if active else "inactive",
        join(
            [
                _flip(row, "locked_out", "Unlock" if locked else "Lock out", on=not locked),
                _flip(row, "active", "Deactivate" if active else "Activate", on=not active),
            ]
        ),
    )


def _flip(row: Row, name: str, text: str, *, on: bool) -> Html:
    value = "true" if on else "false"
    return button("/people", text, user_name=row["user_name"], field=name, value=value)
