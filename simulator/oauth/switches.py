"""What differs between instances in OAuth and signing in; the admin API may change it."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class OAuthSwitches:
    """Properties of the OAuth half.

    `rotate_refresh`: a refresh gives a new refresh token and ends the old one.
    `rotation_grace`: seconds for which a refresh token is still taken after it was rotated.
    `reuse_ends_all`: a refresh token that is no longer alive ends all tokens of that person and
    client.
    `reuse_access_token`: a live access token is handed out again instead of a new one.
    `refresh_latency`: seconds the token endpoint waits before it answers a refresh.
    `refresh_fail_once`: the next refresh is refused as if the token were dead; then it is off.
    `rfc_errors`: errors of the token endpoint are those of RFC 6749 instead of ServiceNow's.
    `state_required`: `glide.oauth.state.parameter.required`.
    `client_credentials`: `glide.oauth.inbound.client.credential.grant_type.enabled`.
    `basic_auth`: API calls may use a user name and password.
    `scope_gate`: every OAuth client is securely scoped, and the API calls of all are refused.
    `user_interface_api`: `/api/now/ui/…` may be called.
    `api_cookies`: API answers set a session cookie, and a presented one wins over the token.
    `oauth_active`: `com.snc.platform.security.oauth.is.active`; off, no token is given or taken.
    `auth_scope_check`: `com.glide.rest.api.auth.scope.check.enable`.
    `unscoped_clients`: `glide.security.oauth_allow_unscoped_clients`; off, a client without an
    auth scope is treated as securely scoped (unverified).
    `client_by_basic`: clients may prove themselves to the token endpoint by HTTP Basic.
    `jwt_for_admins`: the JWT bearer grant acts as people with the role admin too.
    `basic_auth_role`: the role without which a user name and password are refused, except of
    people with web service access only and with a one-time code; empty, everybody may use them.
    `api_key_needs_policy`: an API key is taken only where a REST API access policy names it.
    `lockout_after`: failed passwords in a row that lock somebody out; 0, nobody is.
    `hibernating`: everything answers 200 with the page of a hibernating instance.
    `maintenance`: everything answers 503 with a page.
    `concurrent_requests`: how many API requests of one session may run at once; 0, any number.
    `concurrency_status`: the status of those above it.
    """

    rotate_refresh: bool = False
    rotation_grace: float = 0.0
    reuse_ends_all: bool = False
    reuse_access_token: bool = True
    refresh_latency: float = 0.0
    refresh_fail_once: bool = False
    rfc_errors: bool = False
    state_required: bool = True
    client_credentials: bool = False
    basic_auth: bool = True
    scope_gate: bool = False
    user_interface_api: bool = True
    api_cookies: bool = True
    oauth_active: bool = True
    auth_scope_check: bool = True
    unscoped_clients: bool = True
    client_by_basic: bool = True
    jwt_for_admins: bool = False
    basic_auth_role: str = ""
    api_key_needs_policy: bool = True
    lockout_after: int = 0
    hibernating: bool = False
    maintenance: bool = False
    concurrent_requests: int = 0
    concurrency_status: int = 429


PROPERTIES = {
    "oauth_active": "com.snc.platform.security.oauth.is.active",
    "auth_scope_check": "com.glide.rest.api.auth.scope.check.enable",
    "unscoped_clients": "glide.security.oauth_allow_unscoped_clients",
    "client_credentials": "glide.oauth.inbound.client.credential.grant_type.enabled",
    "state_required": "glide.oauth.state.parameter.required",
}
