"""Open sessions of the 2025 revisions: whose, of which client; and the way to end them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mcp_app.models import McpSession
from oauth_app.admin.read_only import ReadOnlyAdmin


@admin.register(McpSession)
class McpSessionAdmin(ReadOnlyAdmin):
    """A client whose session ends opens another one by itself; nobody is signed out."""

    list_display = ["client", "user", "protocol_version", "opened_at", "last_used_at"]
    list_filter = ["protocol_version"]
    list_select_related = ["user"]
    search_fields = ["user__username", "client_id"]
    ordering = ["-last_used_at"]
    fields = [
        "client",
        "user",
        "client_id",
        "protocol_version",
        "capabilities",
        "opened_at",
        "last_used_at",
    ]
    readonly_fields = ["client"]
    actions = ["end"]

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may end sessions."""
        return request.user.has_perm("mcp_app.delete_mcpsession")

    @admin.display(description=_("client"))
    def client(self, session: McpSession) -> str:
        """What the client says it is, cleaned."""
        return session.client_called

    @admin.action(description=_("End the sessions"), permissions=["end"])
    def end(self, request: HttpRequest, sessions: QuerySet[McpSession]) -> None:
        """End sessions: the next request of each client opens a new one."""
        count = sessions.count()
        sessions.delete()
        sentence = ngettext("%(count)d session ended.", "%(count)d sessions ended.", count)
        self.message_user(request, sentence % {"count": count})
