"""MCP clients in the admin: who connected what, and the way to end it. Never a token or secret."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

from oauth_app.admin.read_only import ReadOnlyAdmin
from oauth_app.authorization_server.clients import client_name, verified_domain
from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.models import ClientGrant
from oauth_app.service_clients import is_of_service

# django-oauth-toolkit's own pages show parts of tokens and let operators edit codes.
for model in (AccessToken, Application, Grant, IDToken, RefreshToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


def _shown_name(application: Application) -> str:
    name = client_name(application)
    if is_of_service(application):
        return gettext("%(name)s (service principal)") % {"name": name}
    return name


class _Ending(ReadOnlyAdmin):
    """Rows that an operator with the right to change client grants may end."""

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this operator may disconnect clients."""
        return request.user.has_perm("oauth_app.change_clientgrant")

    def _end(self, request: HttpRequest, grants: QuerySet[ClientGrant]) -> None:
        count = revoke_grants(grants)
        sentence = ngettext("%(count)d consent ended.", "%(count)d consents ended.", count)
        self.message_user(request, sentence % {"count": count})


@admin.register(Application)
class ClientAdmin(_Ending):
    """The MCP clients that registered themselves or identify by a document."""

    list_display = ["called", "vouched_for", "registration_source", "people", "created"]
    list_filter = ["registration_source", "client_type"]
    search_fields = ["name", "client_id", "redirect_uris"]
    date_hierarchy = "created"
    fields = [
        "called",
        "vouched_for",
        "client_id",
        "client_type",
        "registration_source",
        "redirect_uris",
        "people",
        "created",
        "updated",
    ]
    readonly_fields = ["called", "vouched_for", "people"]
    actions = ["disconnect_everybody"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Count the people in the same query."""
        live = Q(client_grants__revoked_at=None)
        people = Count("client_grants__user", filter=live, distinct=True)
        clients: QuerySet[Application] = super().get_queryset(request).annotate(people=people)
        return clients

    @admin.display(description=_("client"), ordering="name")
    def called(self, client: Application) -> str:
        """What it calls itself, cleaned, and whether it is a service principal."""
        return _shown_name(client)

    @admin.display(description=_("vouched for by"))
    def vouched_for(self, client: Application) -> str:
        """The domain that proves its name, if one does."""
        return verified_domain(client) or "-"

    @admin.display(description=_("people"), ordering="people")
    def people(self, client: Application) -> int:
        """How many people let it in and have not ended that."""
        return int(client.people)

    @admin.action(description=_("Disconnect everybody"), permissions=["end"])
    def disconnect_everybody(self, request: HttpRequest, clients: QuerySet[Application]) -> None:
        """End every consent to these clients."""
        self._end(request, ClientGrant.objects.live().filter(application__in=clients))


@admin.register(ClientGrant)
class ClientGrantAdmin(_Ending):
    """What people allowed their clients."""

    list_display = [
        "client",
        "user",
        "access",
        "redirect_host",
        "created_at",
        "last_used_at",
        "remembered",
        "ended",
    ]
    list_filter = ["access", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["application", "user"]
    search_fields = ["user__username", "application__name", "redirect_host"]
    date_hierarchy = "created_at"
    fields = [
        "client",
        "user",
        "access",
        "asked_access",
        "toolsets",
        "redirect_host",
        "remembered",
        "created_at",
        "last_used_at",
        "revoked_at",
    ]
    readonly_fields = ["client", "remembered"]
    actions = ["end_consents"]

    @admin.display(description=_("client"), ordering="application__name")
    def client(self, grant: ClientGrant) -> str:
        """What the client calls itself, cleaned, and whether it is a service principal."""
        return _shown_name(grant.application)

    @admin.display(description=_("not asked again"), boolean=True)
    def remembered(self, grant: ClientGrant) -> bool:
        """Whether the client gets its codes without asking the person."""
        return grant.is_remembered

    @admin.display(description=_("ended"), boolean=True)
    def ended(self, grant: ClientGrant) -> bool:
        """Whether it was revoked."""
        return grant.revoked_at is not None

    @admin.action(description=_("End consent"), permissions=["end"])
    def end_consents(self, request: HttpRequest, grants: QuerySet[ClientGrant]) -> None:
        """End these consents and their tokens."""
        self._end(request, grants.filter(revoked_at=None))


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    """Live access tokens: whose, of which client, how far, how long. Not the token."""

    list_display = ["client", "user", "scope", "created", "expires"]
    list_select_related = ["application", "user"]
    search_fields = ["user__username", "application__name"]
    date_hierarchy = "created"
    fields = ["client", "user", "scope", "resource", "created", "expires"]
    readonly_fields = ["client"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the tokens that only manage a registration: they are nobody's."""
        tokens: QuerySet[Any] = super().get_queryset(request).filter(user__isnull=False)
        return tokens

    @admin.display(description=_("client"), ordering="application__name")
    def client(self, token: AccessToken) -> str:
        """What the client calls itself, cleaned, and whether it is a service principal."""
        return _shown_name(token.application)
