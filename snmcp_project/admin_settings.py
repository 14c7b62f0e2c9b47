"""How the admin looks (django-unfold), and what its pages may load."""

from typing import Any

# The green of the product's own pages, from light to dark.
_GREEN = {
    "50": "oklch(97.5% .022 163)",
    "100": "oklch(94% .05 163)",
    "200": "oklch(89% .09 162)",
    "300": "oklch(82% .125 161)",
    "400": "oklch(74% .14 160)",
    "500": "oklch(62% .13 159)",
    "600": "oklch(46% .105 158)",
    "700": "oklch(40% .09 158)",
    "800": "oklch(34% .075 159)",
    "900": "oklch(29% .06 160)",
    "950": "oklch(21% .045 161)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "ServiceNow over MCP",
    "SITE_HEADER": "ServiceNow over MCP",
    "SITE_SUBHEADER": "For operators",
    "SITE_ICON": "snmcp_project.admin_site.mark",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "snmcp_project.admin_site.mark"}
    ],
    "SHOW_VIEW_ON_SITE": False,
    "LOGIN": {"form": "snmcp_project.admin_login.OperatorLoginForm"},
    "COLORS": {"primary": _GREEN},
    "DASHBOARD_CALLBACK": "snmcp_project.admin_dashboard.dashboard",
    "SIDEBAR": {"navigation": "snmcp_project.admin_site.navigation"},
}

# Replaces directives of the site's own policy on admin pages. Alpine, which unfold is built on,
# compiles the expressions in its attributes: 'unsafe-eval'. unfold writes its colours as an
# inline style sheet, and Alpine sets style attributes: 'unsafe-inline' for styles, never scripts.
ADMIN_CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
