"""A person's page in the admin, with the tools they have now: people and tools meet here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mcp_app.portal.toolset_choices import person_behind
from oauth_app.admin.people import PersonAdmin
from oauth_app.models import Connection, User
from oauth_app.models.connections import State
from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.policy import PolicySnapshot, why_not
from tools_app.settings_snapshot import read_snapshot

admin.site.unregister(User)


@admin.register(User)
class PersonWithToolsAdmin(PersonAdmin):
    """Says below the form what this person sees, and why a tool is missing."""

    change_form_after_template = "admin/mcp_app/their_tools.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the person with their tools, as the database has the settings now."""
        shown = extra_context or {}
        person = self.get_object(request, object_id)
        if person is not None and self.has_view_permission(request, person):
            shown = {**shown, **tools_shown(person)}
        answer: HttpResponse = super().change_view(request, object_id, form_url, shown)
        return answer


def tools_shown(person: User) -> dict[str, Any]:
    """What the template needs: a table of every tool, how many are theirs, what is in the way."""
    connection = person.connections.select_related("instance").order_by("-signed_in_at").first()
    if connection is None:
        return {
            "tools_note": _(
                "This person never signed in with ServiceNow: no client of theirs has a tool."
            )
        }
    snapshot = read_snapshot()
    # What is missing is what an operator comes for.
    rows = sorted(_rows(connection, snapshot), key=lambda row: row[-1] is None)
    return {
        "tools_note": _in_the_way(person, connection),
        "tools_there": sum(reason is None for *_row, reason in rows),
        "tools_of_all": len(rows),
        "tools_table": {
            "headers": [
                _("Tool"),
                _("Toolset"),
                _("Access"),
                _("There, or what their client is told"),
            ],
            "rows": [
                [*row, reason or _there(snapshot.calls_per_minute(person.pk, row[0]))]
                for *row, reason in rows
            ],
        },
    }


def _there(limit: int | None) -> str:
    """What is said of a tool that a person has."""
    return _("Yes") if limit is None else _("Yes, %(limit)s calls a minute") % {"limit": limit}


def _rows(
    connection: Connection, snapshot: PolicySnapshot
) -> list[tuple[str, str, str, str | None]]:
    caller = person_behind(connection)
    return [
        (
            tool.name,
            TOOLSETS[tool.toolset].title,
            tool.access.value,
            why_not(caller, tool, snapshot),
        )
        for tool in CATALOG.values()
    ]


def _in_the_way(person: User, connection: Connection) -> str:
    """Why none of the tools works at the moment, whatever the settings say; empty if they do."""
    if not person.is_active:
        return _("This person is turned off: no client of theirs gets in.")
    if connection.state != State.ACTIVE.value:
        return _("They must sign in again with ServiceNow before a tool works.")
    return ""
