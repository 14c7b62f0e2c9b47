"""Which tools exist for whom, for operators."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from tools_app.catalog import CATALOG, TOOLSETS
from tools_app.models import ToolsetGrant, ToolSetting
from tools_app.policy import PolicySnapshot, Reach
from tools_app.settings_snapshot import forget_snapshot, read_snapshot
from tools_app.spec import ToolSpec

# A user id that nobody has: rules for everybody are those for somebody in no group.
_IN_NO_GROUP: Final = 0


def _tool_choices() -> list[tuple[str, str]]:
    return [(tool.name, _in_words(tool)) for tool in CATALOG.values()]


def _toolset_choices() -> list[tuple[str, str]]:
    return [(toolset.name, toolset.title) for toolset in TOOLSETS.values()]


def _in_words(tool: ToolSpec) -> str:
    return f"{TOOLSETS[tool.toolset].title}: {tool.title} ({tool.access.value})"


class ToolsetGrantForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Offers the toolsets of the catalogue instead of free text."""

    toolset = forms.ChoiceField(choices=_toolset_choices, widget=UnfoldAdminSelectWidget)


class ToolSettingForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Offers the tools of the catalogue instead of free text."""

    tool = forms.ChoiceField(choices=_tool_choices, widget=UnfoldAdminSelectWidget)


class _HoldsAtOnce(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Makes a change hold at once in this process; in the others it does within a second."""

    list_filter = ["group"]
    list_select_related = ["group"]
    readonly_fields = ["changed_at"]

    @admin.display(description=_("for whom"), ordering="group__name")
    def for_whom(self, rule: ToolsetGrant | ToolSetting) -> str:
        """The group, or everybody."""
        return str(rule.group or _("Everybody"))

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001  # Django's signature
        """Save, and forget what was read before."""
        super().save_model(request, obj, form, change)
        forget_snapshot()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete, and forget what was read before."""
        super().delete_model(request, obj)
        forget_snapshot()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete, and forget what was read before."""
        super().delete_queryset(request, queryset)
        forget_snapshot()


@admin.register(ToolsetGrant)
class ToolsetGrantAdmin(_HoldsAtOnce):
    """How far each toolset may be used, and by whom."""

    form = ToolsetGrantForm
    list_display = ["toolset", "for_whom", "reach", "changed_at"]
    fields = ["toolset", "group", "reach", "changed_at"]


@admin.register(ToolSetting)
class ToolSettingAdmin(_HoldsAtOnce):
    """Which tools are on, for whom, and how often they may be called; all tools stand below."""

    form = ToolSettingForm
    list_after_template = "admin/tools_app/catalogue.html"
    list_display = ["tool", "for_whom", "is_on", "calls_per_minute", "changed_at"]
    fields = ["tool", "what_it_does", "group", "is_on", "calls_per_minute", "changed_at"]
    readonly_fields = ["what_it_does", "changed_at"]

    @admin.display(description=_("what it does"))
    def what_it_does(self, setting: ToolSetting) -> str:
        """The description of the tool as models read it; a tool that is gone has none."""
        tool = CATALOG.get(setting.tool)
        return tool.description if tool else "-"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the settings above a table of every tool of the catalogue."""
        context = {**(extra_context or {}), "catalogue": _catalogue(read_snapshot())}
        answer: HttpResponse = super().changelist_view(request, extra_context=context)
        return answer


def _catalogue(snapshot: PolicySnapshot) -> dict[str, list[Any]]:
    """Every tool as a table: what it does, in a sentence, and what holds for everybody."""
    named = dict(Group.objects.values_list("pk", "name"))
    return {
        "headers": [_("Tool"), _("Toolset"), _("Access"), _("Now"), _("What it does")],
        "rows": [
            [
                tool.name,
                TOOLSETS[tool.toolset].title,
                tool.access.value,
                _now(tool, snapshot, named),
                tool.description.partition(". ")[0].rstrip(".") + ".",
            ]
            for tool in CATALOG.values()
        ],
    }


def _now(tool: ToolSpec, snapshot: PolicySnapshot, named: Mapping[int, str]) -> str:
    """Whether everybody has the tool, and for which groups something else is said."""
    is_there = (
        snapshot.reach(_IN_NO_GROUP, tool.toolset)
        >= (Reach.WRITE if tool.access.writes else Reach.READ)
        and snapshot.is_on(_IN_NO_GROUP, tool.name)
        and not (snapshot.read_only and tool.access.writes)
    )
    limit = snapshot.calls_per_minute(_IN_NO_GROUP, tool.name)
    said = [str(_("On") if is_there else _("Off"))]
    if is_there and limit is not None:
        said.append(_("%(limit)s calls a minute") % {"limit": limit})
    rules = {*snapshot.toolsets.get(tool.toolset, {}), *snapshot.tools.get(tool.name, {})}
    groups = sorted(named[group] for group in rules if group is not None and group in named)
    if groups:
        said.append(_("see %(groups)s") % {"groups": ", ".join(groups)})
    return "; ".join(said)
