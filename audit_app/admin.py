"""Tool calls in the admin: found quickly, read by operators, changed by nobody."""

import json
from datetime import UTC

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.views import ChangeList

from audit_app.filters import (
    ClientFilter,
    DaysFilter,
    OutcomeFilter,
    PersonFilter,
    RecordFilter,
    ToolFilter,
)
from audit_app.models import RUNNING, Outcome, ToolCall, ToolCallQuerySet
from audit_app.periods import CallsByPeriod

_RESULTS = {RUNNING: _("running"), **dict(Outcome.choices)}
_COLOURS = {
    "succeeded": "success",
    "refused": "warning",
    "failed": "danger",
    "in_doubt": "danger",
    "running": "info",
}
# Long identifiers stand in rows of their own: half a row is too narrow for them.
_WHAT = [("tool", "toolset"), ("record", "access"), "when", "reference_id", "outcomes"]
_WHO = ["user_name", "sys_id", "instance_url", "connection_id"]
_WITH_WHAT = [
    ("client_name", "client_version"),
    "client_id",
    ("protocol_version", "request_id"),
    ("credential", "credential_id"),
    "remote_addr",
]


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts so far and no further: counting a million rows takes longer than showing fifty."""

    object_list: ToolCallQuerySet
    most_counted = 10_000

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or `most_counted` where there are more."""
        return self.object_list.order_by().values("pk")[: self.most_counted].count()


class CallList(ChangeList):  # type: ignore[misc]  # unfold has no types
    """One page of the calls that were asked for."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page; then offer the periods of all calls, not only of those that match.

        The first and last match among a million rows take seconds to find; those of all, nothing.
        A list that was not narrowed does not offer to show all.
        """
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
        period = f"{self.date_hierarchy}__"
        chosen = {name: value for name, value in self.params.items() if name.startswith(period)}
        self.queryset = CallsByPeriod(ToolCall).filter(**chosen)


@admin.register(ToolCall)
class ToolCallAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """The list answers who changed a record through AI, with which client, when."""

    list_display = ["when", "user_name", "client", "tool", "record", "result", "duration"]
    list_display_links = ["when"]
    list_filter = [
        PersonFilter,
        RecordFilter,
        ToolFilter,
        ClientFilter,
        OutcomeFilter,
        ("access", ChoicesDropdownFilter),
        ("credential", ChoicesDropdownFilter),
        ("opened_at", DaysFilter),
    ]
    list_filter_submit = True
    list_per_page = 50
    list_max_show_all = 0
    date_hierarchy = "opened_at"
    ordering = ["-opened_at", "-pk"]
    sortable_by = ["when"]
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice reads the whole table
    search_fields = ["reference_id"]
    search_help_text = _("Record number or its beginning, sys_id, reference, or user name")
    actions = None

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: records are made by calls alone."""
        return False

    def has_change_permission(self, _request: HttpRequest, _call: ToolCall | None = None) -> bool:
        """Refuse, superusers too."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _call: ToolCall | None = None) -> bool:
        """Refuse, superusers too."""
        return False

    def get_changelist(self, _request: HttpRequest, **_options: object) -> type[CallList]:
        """Return the class of the list."""
        return CallList

    def get_queryset(self, _request: HttpRequest) -> "QuerySet[ToolCall]":
        """Return every call with what its last outcome says."""
        return ToolCall.objects.with_result()

    def get_search_results(
        self, _request: HttpRequest, calls: ToolCallQuerySet, search_term: str
    ) -> tuple[ToolCallQuerySet, bool]:
        """Find by what was typed, through an index whichever it is; nothing appears twice."""
        typed = search_term.strip()
        return (calls.found_by(typed) if typed else calls), False

    def get_fieldsets(
        self, request: HttpRequest, _call: ToolCall | None = None
    ) -> list[tuple[object, dict[str, object]]]:
        """Return the facts in groups; arguments only for those who may see them."""
        groups: list[tuple[object, dict[str, object]]] = [(None, {"fields": _WHAT})]
        if request.user.has_perm("audit_app.view_arguments"):
            groups.append((_("Arguments, redacted"), {"fields": ["redacted_arguments"]}))
        groups.append((_("Who"), {"fields": _WHO}))
        groups.append((_("With which client"), {"fields": _WITH_WHAT}))
        return groups

    @display(description=_("when"), ordering="opened_at")  # type: ignore[untyped-decorator]  # unfold has no types
    def when(self, call: ToolCall) -> str:
        """Return the moment the call began, to the second, in UTC."""
        return call.opened_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    @display(description=_("client"))  # type: ignore[untyped-decorator]  # unfold has no types
    def client(self, call: ToolCall) -> str:
        """Return name and version of the MCP client."""
        return f"{call.client_name} {call.client_version}".strip()

    @display(description=_("record"))  # type: ignore[untyped-decorator]  # unfold has no types
    def record(self, call: ToolCall) -> str:
        """Return the record that was touched, or the one that was asked for."""
        return call.record_number or call.record_sys_id or call.record_sought

    @display(description=_("outcome"), label=_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def result(self, call: ToolCall) -> tuple[str, str]:
        """Return the outcome with the failure's code, coloured."""
        code = f" · {call.result_code}" if call.result_code else ""
        return call.result, f"{_RESULTS[call.result]}{code}"

    @display(description=_("duration"))  # type: ignore[untyped-decorator]  # unfold has no types
    def duration(self, call: ToolCall) -> str:
        """Return how long it took, or nothing while nobody knows."""
        return "" if call.duration_ms is None else f"{call.duration_ms} ms"

    @display(description=_("outcomes"))  # type: ignore[untyped-decorator]  # unfold has no types
    def outcomes(self, call: ToolCall) -> str:
        """Return every outcome of the call as a table, the one that counts last."""
        return render_to_string(
            "admin/audit_app/toolcall/outcomes.html", {"outcomes": call.outcomes()}
        )

    @display(description=_("arguments"))  # type: ignore[untyped-decorator]  # unfold has no types
    def redacted_arguments(self, call: ToolCall) -> str:
        """Return what was kept of the arguments, as indented JSON."""
        text = json.dumps(call.arguments, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)
