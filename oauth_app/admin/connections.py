"""Connections: their state, and ending them. Their tokens are on no page."""

from collections.abc import Iterator

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from oauth_app.admin.people import STATE_COLOURS
from oauth_app.admin.read_only import ReadOnlyAdmin
from oauth_app.disconnection import end_here, require_sign_in, revoke_there
from oauth_app.models import Connection
from oauth_app.models.connections import Reason, State


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    """Who is connected where, since when, until when, and what went wrong last."""

    list_display = [
        "user_name",
        "name",
        "instance",
        "standing",
        "reason",
        "refreshed_at",
        "refresh_token_expires_at",
    ]
    list_filter = ["state", "instance", "reason", "last_fault"]
    list_select_related = ["instance"]
    search_fields = ["user_name", "name", "sys_id", "user__username"]
    ordering = ["user_name"]
    actions = ["disconnect", "require_sign_in"]
    fieldsets = [
        (None, {"fields": [("user", "instance"), ("user_name", "name"), "sys_id"]}),
        (_("State"), {"fields": [("state", "reason"), "state_changed_at"]}),
        (
            _("Sign-in and refreshes"),
            {
                "fields": [
                    ("signed_in_at", "refresh_token_expires_at"),
                    ("refreshed_at", "access_token_expires_at"),
                    ("next_refresh_at", "refresh_failures"),
                    ("last_fault", "failed_at"),
                ]
            },
        ),
    ]

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may end connections."""
        return request.user.has_perm("oauth_app.change_connection")

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def standing(self, connection: Connection) -> tuple[str, str]:
        """Return the state, coloured."""
        return connection.state, str(State(connection.state).label)

    @admin.action(
        description=_("Disconnect: remove the tokens and revoke them at ServiceNow"),
        permissions=["end"],
    )
    def disconnect(self, request: HttpRequest, connections: QuerySet[Connection]) -> None:
        """End these connections and everything that opens something through them.

        All of them end here before ServiceNow, which may be slow, is asked for the first.
        """
        ended = [
            (
                connection.user_name,
                end_here(
                    connection=connection,
                    reason=Reason.ENDED_BY_OPERATOR,
                    staying=request.session.session_key,
                ),
            )
            for connection in self._each(request, connections)
        ]
        not_told = [name for name, each in ended if not revoke_there(each)]
        if not_told:
            told = _("ServiceNow could not be told; revoke the tokens there yourself: %(people)s")
            people = ", ".join(not_told)
            self.message_user(request, told % {"people": people}, level=messages.WARNING)

    @admin.action(
        description=_("Require sign-in again: remove the tokens here"), permissions=["end"]
    )
    def require_sign_in(self, request: HttpRequest, connections: QuerySet[Connection]) -> None:
        """Have these people sign in again; what they connected goes on afterwards."""
        for connection in self._each(request, connections):
            require_sign_in(connection=connection)

    def _each(
        self, request: HttpRequest, connections: QuerySet[Connection]
    ) -> Iterator[Connection]:
        """Those that are not ended yet, to be ended one by one; what came of it is noted."""
        count = 0
        present = connections.exclude(state=State.DISCONNECTED)
        for connection in present.select_related("instance", "user"):
            yield connection
            self.log_change(request, connection, str(connection.get_reason_display()))
            count += 1
        sentence = ngettext("%(count)d connection ended.", "%(count)d connections ended.", count)
        self.message_user(request, sentence % {"count": count})
