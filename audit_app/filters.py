"""Filters of the list of tool calls. None of them reads the whole table."""

from collections.abc import Iterable
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter, TextFilter

from audit_app.models import RUNNING, Outcome, ToolCall, ToolCallQuerySet
from audit_app.redaction import clean_text

# Tools and clients to choose from are those of so many newest calls.
NEWEST = 5_000


class PersonFilter(TextFilter):  # type: ignore[misc]  # unfold has no types
    """Calls of one person, by their user name."""

    title = _("person")
    parameter_name = "person"

    def queryset(
        self, _request: HttpRequest, calls: "QuerySet[ToolCall]"
    ) -> "QuerySet[ToolCall] | None":
        """Return the calls of the person that was typed, or None to leave all."""
        typed = _typed(self.value())
        return calls.filter(user_name=typed) if typed else None


class RecordFilter(TextFilter):  # type: ignore[misc]  # unfold has no types
    """Calls on one record, by number (or its beginning) or sys_id."""

    title = _("record")
    parameter_name = "record"

    def queryset(self, _request: HttpRequest, calls: ToolCallQuerySet) -> ToolCallQuerySet | None:
        """Return the calls on the record that was typed, or None to leave all."""
        typed = _typed(self.value())
        return calls.about_record(typed) if typed else None


class OutcomeFilter(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """Calls by what their last outcome says."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, _request: HttpRequest, _admin: object) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        return [(value, str(label)) for value, label in Outcome.choices] + [
            (RUNNING, str(_("running")))
        ]

    def queryset(self, _request: HttpRequest, calls: ToolCallQuerySet) -> ToolCallQuerySet | None:
        """Return the calls with the chosen outcome, or None to leave all."""
        chosen = _typed(self.value())
        if chosen == RUNNING:
            return calls.running()
        if chosen == Outcome.IN_DOUBT:
            return calls.in_doubt()
        return calls.ended(chosen) if chosen else None


class ToolFilter(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """Calls of one tool."""

    title = _("tool")
    parameter_name = "tool"

    def lookups(self, request: HttpRequest, _admin: object) -> list[tuple[str, str]]:
        """Return the tools that were called lately."""
        return _to_choose(_recent_tools_and_clients(request), column=0)

    def queryset(
        self, _request: HttpRequest, calls: "QuerySet[ToolCall]"
    ) -> "QuerySet[ToolCall] | None":
        """Return the calls of the chosen tool, or None to leave all."""
        chosen = _typed(self.value())
        return calls.filter(tool=chosen) if chosen else None


class ClientFilter(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """Calls made with one MCP client."""

    title = _("client")
    parameter_name = "client"

    def lookups(self, request: HttpRequest, _admin: object) -> list[tuple[str, str]]:
        """Return the clients that called lately."""
        return _to_choose(_recent_tools_and_clients(request), column=1)

    def queryset(
        self, _request: HttpRequest, calls: "QuerySet[ToolCall]"
    ) -> "QuerySet[ToolCall] | None":
        """Return the calls of the chosen client, or None to leave all."""
        chosen = _typed(self.value())
        return calls.filter(client_name=chosen) if chosen else None


class DaysFilter(RangeDateFilter):  # type: ignore[misc]  # unfold has no types
    """Calls of some days, the first and the last included (unfold's leaves the last one out)."""

    def queryset(
        self, _request: HttpRequest, calls: "QuerySet[ToolCall]"
    ) -> "QuerySet[ToolCall] | None":
        """Return the calls between the days that were typed, or None for what is no date."""
        first, last = self._day("from"), self._day("to")
        if first:
            calls = calls.filter(opened_at__gte=first)
        # Nothing is later than year 9999, and no day follows its last one.
        if last and last.year < MAXYEAR:
            calls = calls.filter(opened_at__lt=last + timedelta(days=1))
        return calls

    def _day(self, end: str) -> datetime | None:
        typed = self.used_parameters.get(f"{self.parameter_name}_{end}", "")
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=UTC)
        except ValueError:
            return None


def _typed(value: str | None) -> str:
    """Return what stands in the address without what PostgreSQL takes in no text."""
    return clean_text(value or "", most=200)


def _recent_tools_and_clients(request: HttpRequest) -> list[tuple[str, str]]:
    """Read once for both filters, and keep it for this request."""
    kept = vars(request)
    if "tools_and_clients" not in kept:
        newest = ToolCall.objects.order_by("-pk").values("pk")[:NEWEST]
        rows = ToolCall.objects.filter(pk__in=newest).order_by()
        kept["tools_and_clients"] = list(rows.values_list("tool", "client_name").distinct())
    return cast("list[tuple[str, str]]", kept["tools_and_clients"])


def _to_choose(rows: Iterable[tuple[str, str]], *, column: int) -> list[tuple[str, str]]:
    return [(value, value) for value in sorted({row[column] for row in rows}) if value]
