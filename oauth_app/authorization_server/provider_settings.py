"""django-oauth-toolkit's settings: an authorization server for MCP clients and nothing else."""

from typing import Any

_IN_CLIENT_CREDENTIALS = "oauth_app.authorization_server.client_credentials."
READ_SCOPE = "mcp:read"
WRITE_SCOPE = "mcp:write"

# Redirects of desktop clients that take the answer through a scheme of their own. Any program on
# the machine may claim such a scheme, so the consent page warns and nothing is remembered.
CUSTOM_SCHEMES = (
    "claude",
    "cursor",
    "cursor-nightly",
    "vscode",
    "vscode-insiders",
    "vscodium",
    "windsurf",
    "zed",
)


def provider_settings(
    *, public_base_url: str, access_token_seconds: int, refresh_token_seconds: int
) -> dict[str, Any]:
    """Return OAUTH2_PROVIDER. `public_base_url` is the issuer, byte for byte."""
    return {
        "OAUTH2_VALIDATOR_CLASS": _IN_CLIENT_CREDENTIALS + "ServiceClientValidator",
        # It knows the code and refresh grants, and client credentials of service principals.
        "OAUTH2_SERVER_CLASS": _IN_CLIENT_CREDENTIALS + "McpServer",
        "OIDC_ISS_ENDPOINT": public_base_url,
        "SCOPES": {
            READ_SCOPE: "Read in ServiceNow as you",
            WRITE_SCOPE: "Create and change records in ServiceNow as you",
        },
        "DEFAULT_SCOPES": [READ_SCOPE, WRITE_SCOPE],
        "PKCE_REQUIRED": True,
        "CLIENT_SECRET_HASHER": "random_secret",
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http", *CUSTOM_SCHEMES],
        "ALLOW_LOCALHOST_LOOPBACK": True,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
        "ACCESS_TOKEN_EXPIRE_SECONDS": access_token_seconds,
        "REFRESH_TOKEN_EXPIRE_SECONDS": refresh_token_seconds,
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        # A grace period cannot work with hashed tokens: there is nothing to hand out again.
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
        "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
        "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
        "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
        "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
        "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
        "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
        "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
        "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
        "DCR_ENABLED": True,
        "DCR_REGISTRATION_PERMISSION_CLASSES": ("oauth2_provider.dcr.AllowAllDCRPermission",),
        "CIMD_ENABLED": True,
        "CIMD_METADATA_FETCHER": "oauth_app.authorization_server.client_documents.PublicDocuments",
        "CIMD_REGISTRATION_PERMISSION_CLASSES": (
            "oauth_app.authorization_server.document_limits.FetchesOfEachAddress",
        ),
        "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
        "OAUTH2_GRANT_TYPES_SUPPORTED": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
        ],
        "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": [
            "none",
            "client_secret_post",
            "client_secret_basic",
        ],
        "OAUTH2_PROTECTED_RESOURCE_AUTHORIZATION_SERVERS": [public_base_url],
        "OAUTH2_PROTECTED_RESOURCE_NAME": "ServiceNow over MCP",
    }
