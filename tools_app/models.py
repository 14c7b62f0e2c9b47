"""What an operator said about tools: which exist, for whom, and how far they may be used."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ToolsetGrant(models.Model):
    """How far a toolset may be used, by everybody or by the members of a group."""

    class Reach(models.TextChoices):
        """From nothing on; without a grant a toolset is there in full."""

        OFF = "off", _("Off")
        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    toolset = models.CharField(_("toolset"), max_length=40)
    group = models.ForeignKey(
        Group,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="toolset_grants",
        verbose_name=_("group"),
        help_text=_("Empty: everybody. A grant of a group replaces the one for everybody."),
    )
    reach = models.CharField(_("reach"), max_length=5, choices=Reach, default=Reach.WRITE)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("toolset grant")
        verbose_name_plural = _("toolset grants")
        ordering = ["toolset", "group__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["toolset", "group"],
                name="one_grant_per_toolset_and_group",
                violation_error_message=_("This group has a grant for this toolset already."),
            ),
            models.UniqueConstraint(
                fields=["toolset"],
                condition=Q(group=None),
                name="one_grant_per_toolset_for_everybody",
                violation_error_message=_(
                    "There is a grant of this toolset for everybody already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.toolset} for {self.group or 'everybody'}: {self.get_reach_display()}"


class ToolSetting(models.Model):
    """Whether a tool exists, and how often it may be called, for everybody or for a group."""

    tool = models.CharField(_("tool"), max_length=40)
    group = models.ForeignKey(
        Group,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tool_settings",
        verbose_name=_("group"),
        help_text=_("Empty: everybody. A setting of a group replaces the one for everybody."),
    )
    is_on = models.BooleanField(_("on"), default=True)
    calls_per_minute = models.PositiveIntegerField(
        _("calls a minute"),
        null=True,
        blank=True,
        help_text=_("For each person, beside the general limit. Empty: no limit of its own."),
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("tool setting")
        verbose_name_plural = _("tool settings")
        ordering = ["tool", "group__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tool", "group"],
                name="one_setting_per_tool_and_group",
                violation_error_message=_("This group has a setting for this tool already."),
            ),
            models.UniqueConstraint(
                fields=["tool"],
                condition=Q(group=None),
                name="one_setting_per_tool_for_everybody",
                violation_error_message=_("There is a setting of this tool for everybody already."),
            ),
            models.CheckConstraint(
                condition=Q(calls_per_minute=None) | Q(calls_per_minute__gte=1),
                name="a_limit_allows_at_least_one_call",
                violation_error_message=_("At least 1; turn the tool off to allow no call at all."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool} for {self.group or 'everybody'}: {'on' if self.is_on else 'off'}"
