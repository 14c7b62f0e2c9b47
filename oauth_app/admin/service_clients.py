"""Service principals: look and end. Nobody makes one here, and nobody reads a secret."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from oauth_app import service_clients
from oauth_app.admin.read_only import ReadOnlyAdmin
from oauth_app.authorization_server.clients import client_name
from oauth_app.models import ServiceClient, User
from oauth_app.models.service_clients import ServiceClientQuerySet

_STANDING = {"live": _("live"), "ended": _("ended"), "over": _("over")}


@admin.register(ServiceClient)
class ServiceClientAdmin(ReadOnlyAdmin):
    """Whose, how far, until when, and when it was last used."""

    list_display = [
        "called",
        "user",
        "access",
        "standing",
        "expires_at",
        "last_used_at",
        "last_used_address",
    ]
    list_filter = ["client_grant__access", ("client_grant__revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client_grant__application", "client_grant__user"]
    search_fields = ["client_grant__application__name", "client_grant__user__username"]
    ordering = ["-client_grant__created_at"]
    actions = ["end"]
    fields = [
        "called",
        "client_id",
        ("user", "connection"),
        ("access", "toolsets"),
        ("created_at", "expires_at", "revoked_at"),
        ("last_used_at", "last_used_address"),
    ]
    readonly_fields = [
        "called",
        "client_id",
        "user",
        "access",
        "toolsets",
        "created_at",
        "revoked_at",
        "last_used_at",
        "last_used_address",
    ]

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may end service principals."""
        return request.user.has_perm("oauth_app.change_serviceclient")

    @admin.display(description=_("name"), ordering="client_grant__application__name")
    def called(self, service: ServiceClient) -> str:
        """What its maker called it."""
        return client_name(service.client_grant.application)

    @admin.display(description=_("client ID"))
    def client_id(self, service: ServiceClient) -> str:
        """Its client id, which is no secret."""
        return str(service.client_grant.application.client_id)

    @admin.display(description=_("acts as"), ordering="client_grant__user__username")
    def user(self, service: ServiceClient) -> User:
        """Who made it, and as whom it acts."""
        return service.client_grant.user

    @admin.display(description=_("access"), ordering="client_grant__access")
    def access(self, service: ServiceClient) -> str:
        """How far it goes."""
        return str(service.client_grant.get_access_display())

    @admin.display(description=_("toolsets"))
    def toolsets(self, service: ServiceClient) -> str:
        """With which tools."""
        names = service.client_grant.toolsets
        return str(_("all")) if names is None else ", ".join(names)

    @admin.display(description=_("made"), ordering="client_grant__created_at")
    def created_at(self, service: ServiceClient) -> datetime:
        """When it was made."""
        return service.client_grant.created_at

    @admin.display(description=_("ended"))
    def revoked_at(self, service: ServiceClient) -> datetime | None:
        """When somebody ended it."""
        return service.client_grant.revoked_at

    @admin.display(description=_("last used"), ordering="client_grant__last_used_at")
    def last_used_at(self, service: ServiceClient) -> datetime | None:
        """When a token of its was last used."""
        return service.client_grant.last_used_at

    @admin.display(description=_("from"))
    def last_used_address(self, service: ServiceClient) -> str | None:
        """From where a token of its was last used."""
        return service.client_grant.last_used_address

    @display(  # type: ignore[untyped-decorator]  # unfold has no types
        description=_("state"), label={"live": "success", "ended": "danger", "over": "warning"}
    )
    def standing(self, service: ServiceClient) -> tuple[str, str]:
        """Return whether it still gets tokens."""
        standing = "live" if service.is_live(timezone.now()) else "over"
        standing = "ended" if service.client_grant.revoked_at else standing
        return standing, str(_STANDING[standing])

    @admin.action(description=_("End"), permissions=["end"])
    def end(self, request: HttpRequest, services: ServiceClientQuerySet) -> None:
        """End these service principals and their tokens at once."""
        present = services.filter(client_grant__revoked_at=None)
        for service in present:
            self.log_change(request, service, str(_("Ended")))
        count = service_clients.revoke_all(present)
        sentence = ngettext(
            "%(count)d service principal ended.", "%(count)d service principals ended.", count
        )
        self.message_user(request, sentence % {"count": count})
