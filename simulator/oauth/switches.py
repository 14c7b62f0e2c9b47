"""What differs between instances in OAuth and signing in; the admin API may change it."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class OAuthSwitches:
    """Properties of the OAuth half.

    `rotate_refresh`: a refresh gives a new refresh token and ends the old one.
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
    """

    rotate_refresh: bool = False
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
