"""The admin's navigation, in the words of the field, and the policy of its pages."""

from dataclasses import dataclass
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from snmcp_project.admin_settings import ADMIN_CONTENT_SECURITY_POLICY


class ContentSecurityPolicy(CSPMiddleware):
    """The site's policy; on admin pages what their script library needs besides."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002  # the signature is django-csp's
    ) -> PolicyParts:
        """Return the parts of the policy for this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        match = request.resolver_match
        if not report_only and match is not None and match.app_name == "admin":
            parts.replace = ADMIN_CONTENT_SECURITY_POLICY
        return parts


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: the list of a model."""

    model: str
    title: str | Promise
    icon: str


NAVIGATION: dict[str | Promise, list[Entry]] = {
    _("People"): [
        Entry("oauth_app.User", _("People"), "person"),
        Entry("oauth_app.Connection", _("Connections"), "link"),
        Entry("oauth_app.ReconnectToken", _("Reconnect tokens"), "key"),
        Entry("oauth_app.Instance", _("Instances"), "dns"),
    ],
    _("MCP clients"): [
        Entry("oauth2_provider.Application", _("MCP clients"), "devices"),
        Entry("oauth_app.ManualClient", _("Manual clients"), "edit_note"),
        Entry("oauth_app.ServiceClient", _("Service principals"), "smart_toy"),
        Entry("oauth_app.ClientGrant", _("Client grants"), "handshake"),
        Entry("oauth2_provider.AccessToken", _("Access tokens"), "vpn_key"),
        Entry("mcp_app.McpSession", _("MCP sessions"), "forum"),
    ],
    _("Tools"): [
        Entry("tools_app.ToolSetting", _("Tools"), "build"),
        Entry("tools_app.ToolsetGrant", _("Toolsets"), "category"),
    ],
    _("Audit"): [Entry("audit_app.ToolCall", _("Tool calls"), "receipt_long")],
    _("Operators"): [Entry("auth.Group", _("Groups"), "group")],
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the sidebar with the lists this operator may open."""
    overview = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"items": [overview]}]
    for title, entries in NAVIGATION.items():
        items = [_item(each) for each in entries if may_open(request, each.model)]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def mark(_request: HttpRequest) -> str:
    """Return the address of the product's mark."""
    return static("icons/mark.svg")


def may_open(request: HttpRequest, name: str) -> bool:
    """Whether this operator may see the list of the model, such as `audit_app.ToolCall`."""
    model = apps.get_model(name)
    if not admin.site.is_registered(model):
        return False
    return admin.site.get_model_admin(model).has_view_permission(request)


def _item(entry: Entry) -> dict[str, Any]:
    address = entry.model.lower().replace(".", "_")
    return {
        "title": entry.title,
        "icon": entry.icon,
        "link": reverse(f"admin:{address}_changelist"),
    }
