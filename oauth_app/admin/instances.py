"""Instances: where people may sign in. The secret can be written and never be read."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminPasswordWidget

from oauth_app.exceptions import HostNotAllowed
from oauth_app.instances import (
    allowed_address,
    change_client,
    comes_from_settings,
    make_default,
    pause,
    resume,
)
from oauth_app.models import Instance


class InstanceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """An instance, with a field for another secret that never shows the present one."""

    new_client_secret = forms.CharField(
        label=_("New OAuth client secret"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Stays as it is where nothing is entered. Never shown."),
    )

    class Meta:
        """What an operator may set."""

        model = Instance
        fields = [
            "name",
            "base_url",
            "client_id",
            "refresh_token_life",
            "is_active",
            "is_paused",
        ]

    def clean_base_url(self) -> str:
        """Refuse a host that is not allowed; keep one spelling of each."""
        try:
            return allowed_address(self.cleaned_data["base_url"])
        except HostNotAllowed as fault:
            raise forms.ValidationError(str(fault)) from fault


@admin.register(Instance)
class InstanceAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Where people may sign in; pausing one stops every call to it within a second."""

    form = InstanceForm
    list_display = ["title", "base_url", "people", "is_default", "is_active", "is_paused"]
    list_display_links = ["title"]
    list_filter = ["is_active", "is_paused"]
    search_fields = ["name", "base_url"]
    actions = ["pause", "resume", "make_default"]
    _FIELDS = (
        "name",
        "base_url",
        "client_id",
        "new_client_secret",
        "refresh_token_life",
        ("is_active", "is_paused"),
        ("is_default", "secret_changed_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instance]:
        """Count the people in the same query."""
        instances: QuerySet[Instance] = super().get_queryset(request)
        return instances.annotate(people=Count("connections"))

    def get_fields(self, request: HttpRequest, obj: Instance | None = None) -> list[Any]:
        """Return the fields; the settings' own client is not for the admin to set."""
        from_settings = obj is not None and comes_from_settings(obj)
        viewing = not self.has_change_permission(request, obj) and obj is not None
        hidden = {"new_client_secret"} if from_settings or viewing else set()
        return [field for field in self._FIELDS if field not in hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Instance | None = None) -> list[str]:  # noqa: ARG002  # Django's signature
        """Return what is fixed: a host that is in use, a client that the settings name."""
        fixed = ["is_default", "secret_changed_at"]
        if obj is not None and obj.connections.exists():
            fixed.append("base_url")
        if obj is not None and comes_from_settings(obj):
            fixed += ["base_url", "client_id"]
        return fixed

    def save_model(
        self,
        request: HttpRequest,
        obj: Instance,
        form: "forms.ModelForm[Instance]",
        change: bool,  # noqa: FBT001  # Django's signature
    ) -> None:
        """Store it; another client or secret lets every failed connection try again."""
        entered = form.cleaned_data["new_client_secret"]
        # A declared field of the form is read also where the page does not show it.
        secret = "" if comes_from_settings(obj) else entered
        if secret or (change and "client_id" in form.changed_data):
            change_client(
                instance=obj,
                client_id=obj.client_id,
                client_secret=secret or obj.client_secret,
            )
            return
        super().save_model(request, obj, form, change)

    @admin.display(description=_("people"), ordering="people")
    def people(self, instance: Instance) -> int:
        """How many people have signed in there."""
        return int(instance.people)  # type: ignore[attr-defined]  # annotated above

    @admin.action(description=_("Pause: send nothing to it"), permissions=["change"])
    def pause(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        """Stop all work with these instances; nobody is signed out."""
        self._set(request, instances.filter(is_paused=False), how=pause, what=_("Paused"))

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        """Let work with these instances go on."""
        self._set(request, instances.filter(is_paused=True), how=resume, what=_("Resumed"))

    def _set(
        self,
        request: HttpRequest,
        instances: QuerySet[Instance],
        *,
        how: Callable[[Instance], None],
        what: Promise,
    ) -> None:
        chosen = list(instances)
        for instance in chosen:
            how(instance)
            self.log_change(request, instance, str(what))
        sentence = ngettext(
            "%(count)d instance changed.", "%(count)d instances changed.", len(chosen)
        )
        self.message_user(request, sentence % {"count": len(chosen)})

    @admin.action(description=_("Make the default"), permissions=["change"])
    def make_default(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        """Let people sign in there who name no instance."""
        for instance in instances[:1]:
            make_default(instance)
            self.log_change(request, instance, str(_("Made the default")))
