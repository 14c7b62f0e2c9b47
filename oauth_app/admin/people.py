"""People from ServiceNow, and operators."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from oauth_app.models import Connection, User
from oauth_app.models.connections import State
from oauth_app.people import turn_off, turn_on

STATE_COLOURS = {
    State.ACTIVE.value: "success",
    State.NEEDS_SIGN_IN.value: "warning",
    State.DISCONNECTED.value: "danger",
}


class PersonFilter(admin.SimpleListFilter):
    """People from ServiceNow, or operators."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002  # Django's signature
        """Return the two kinds."""
        return [("person", _("From ServiceNow")), ("operator", _("Operators"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:  # noqa: ARG002  # Django's signature
        """Narrow to the chosen kind."""
        if self.value() == "person":
            return queryset.filter(connections__isnull=False).distinct()
        if self.value() == "operator":
            return queryset.filter(is_staff=True)
        return queryset


class ConnectionInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """A person's connections, to look at."""

    model = Connection
    fields = ["instance", "user_name", "state", "reason", "signed_in_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # Django's signature
        """Refuse: a connection is made by signing in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # Django's signature
        """Refuse: it says what ServiceNow said."""
        return False


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]  # unfold has no types
    """Turn people off and on; make operators."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [ConnectionInline]
    list_display = ["username", "full_name", "email", "connection", "is_active", "is_staff"]
    list_filter = [PersonFilter, "connections__state", "is_active", "is_staff"]
    search_fields = ["username", "first_name", "last_name", "email", "connections__sys_id"]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["turn_off", "turn_on"]
    _RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Bring the connections along, or the list asks once for each row."""
        people: QuerySet[User] = super().get_queryset(request).prefetch_related("connections")
        return people

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Let only superusers hand out rights; others could give themselves all of them."""
        fixed = list(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else [*fixed, *self._RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep operators, with their passwords, for superusers and themselves to change."""
        is_operator = obj is not None and obj.is_staff and obj.pk != request.user.pk
        if is_operator and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002  # Django's signature
        """Refuse: turn them off instead. Tokens at ServiceNow would outlive the row here."""
        return False

    @admin.action(
        description=_("Turn off: nothing of theirs opens anything"), permissions=["change"]
    )
    def turn_off(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Pause these people; nothing of theirs is lost."""
        others = people.filter(is_active=True).exclude(username=request.user.get_username())
        self._set(request, others, how=turn_off, what=_("Turned off"))

    @admin.action(description=_("Turn on"), permissions=["change"])
    def turn_on(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Let these people go on where they were."""
        self._set(request, people.filter(is_active=False), how=turn_on, what=_("Turned on"))

    def _set(
        self,
        request: HttpRequest,
        people: QuerySet[User],
        *,
        how: Callable[[User], None],
        what: Promise,
    ) -> None:
        chosen = [each for each in people if self.has_change_permission(request, each)]
        for person in chosen:
            how(person)
            self.log_change(request, person, str(what))
        sentence = ngettext("%(count)d person changed.", "%(count)d people changed.", len(chosen))
        self.message_user(request, sentence % {"count": len(chosen)})

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        """Return first and last name."""
        return person.get_full_name()

    @display(description=_("connection"), label=STATE_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def connection(self, person: User) -> tuple[str, str] | None:
        """Return the state of the person's connection, coloured."""
        for each in person.connections.all():
            return each.state, str(State(each.state).label)
        return None
