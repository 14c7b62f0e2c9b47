"""What the token and revocation endpoints must never do, and what no token may open."""

from tests.oauth_app.authorization_server.musts import Must

TOKEN_MUSTS: dict[str, Must] = {
    "no_other_grant_is_known": Must(
        "RFC 6749 5.2; RFC 9700 2.4",
        "2025-03-26",
        "A grant type that is not supported is refused; the password grant is never offered.",
    ),
    "a_refresh_token_used_again_ends_its_family": Must(
        "RFC 9700 4.14.2; OAuth 2.1 4.3.1",
        "2025-03-26",
        "A rotated refresh token that is presented again revokes the active one of its family.",
    ),
    "a_token_spent_two_refreshes_ago_ends_its_family": Must(
        "RFC 9700 4.14.2",
        "2025-03-26",
        "Rotation remembers every earlier refresh token of a family, not only the last.",
    ),
    "a_spent_refresh_token_is_worth_nothing_to_another_client": Must(
        "RFC 6749 10.4",
        "2025-03-26",
        "The binding of a refresh token to its client is checked at every use, retries included.",
    ),
    "an_answer_is_not_given_again_once_the_consent_is_revoked": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "A revocation takes effect at once; the token cannot be used again afterwards.",
    ),
    "of_two_exchanges_of_one_code_at_one_moment_one_is_refused": Must(
        "RFC 6749 4.1.2",
        "2025-03-26",
        "A client must not use a code more than once; the second request is denied.",
    ),
    "a_confidential_client_must_show_its_secret": Must(
        "RFC 6749 3.2.1",
        "2025-03-26",
        "A client that was issued credentials authenticates itself at the token endpoint.",
    ),
    "a_wrong_verifier_gets_nothing": Must(
        "RFC 7636 4.6",
        "2025-03-26",
        "A code whose verifier does not fit its challenge is answered invalid_grant.",
    ),
    "a_code_needs_its_verifier": Must(
        "OAuth 2.1 4.1.3; RFC 9700 2.1.1",
        "2025-03-26",
        "A code that was asked for with a challenge is not exchanged without the verifier.",
    ),
    "the_redirect_must_be_the_same_at_both_legs": Must(
        "RFC 6749 4.1.3",
        "2025-03-26",
        "The token request names the redirect address of the authorization request, identically.",
    ),
    "a_code_of_another_client_gets_nothing": Must(
        "RFC 6749 4.1.3",
        "2025-03-26",
        "A code is exchanged only by the client it was issued to.",
    ),
    "a_code_used_twice_ends_what_the_first_use_gave": Must(
        "RFC 6749 4.1.2",
        "2025-03-26",
        "A code used more than once is denied, and what was issued for it is revoked.",
    ),
    "an_old_code_gets_nothing": Must(
        "RFC 6749 4.1.2",
        "2025-03-26",
        "A code expires shortly after it was issued.",
    ),
    "a_made_up_code_gets_nothing": Must(
        "RFC 6749 4.1.3, 5.2",
        "2025-03-26",
        "The server verifies that the code is valid.",
    ),
    "a_foreign_resource_at_the_token_leg_is_an_invalid_target": Must(
        "RFC 8707 2.2",
        "2025-06-18",
        "A token is not issued for a resource that is unknown or was not granted.",
    ),
    "an_unknown_client_at_the_token_leg_is_told_to_register_again": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "An unknown client is answered 401 invalid_client.",
    ),
    "credentials_in_the_address_are_refused": Must(
        "RFC 6749 2.3.1",
        "2025-03-26",
        "Credentials stand in the body and never in the address of the request.",
    ),
    "tokens_are_never_to_be_had_by_get": Must(
        "RFC 6749 3.2",
        "2025-03-26",
        "Access tokens are requested with POST.",
    ),
    "a_refresh_token_of_another_client_gets_nothing_and_ends_nothing": Must(
        "RFC 6749 6",
        "2025-03-26",
        "A refresh token is bound to the client it was issued to.",
    ),
    "a_refresh_for_a_foreign_resource_is_an_invalid_target": Must(
        "RFC 8707 2.2",
        "2025-06-18",
        "A refresh does not reach beyond the resources that were granted.",
    ),
    "a_refresh_cannot_widen_the_scope": Must(
        "RFC 6749 6",
        "2025-03-26",
        "The scope of a refresh includes nothing that the person did not grant.",
    ),
    "a_refresh_token_over_its_life_gets_nothing": Must(
        "RFC 9700 4.14.2",
        "2025-03-26",
        "A refresh token that was not used for its life is worth nothing.",
    ),
    "a_made_up_refresh_token_gets_nothing": Must(
        "RFC 6749 6",
        "2025-03-26",
        "The server validates the refresh token.",
    ),
    "another_client_cannot_revoke_a_token": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "A token is revoked only by the client it was issued to.",
    ),
    "a_consent_revoked_in_the_middle_of_an_exchange_gives_nothing": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "What was revoked is invalid at once, also for a request on its way.",
    ),
    "the_server_itself_issues_no_code_without_a_consent": Must(
        "MCP security best practices, confused deputy",
        "2025-03-26",
        "No code is issued before the person consented to this client.",
    ),
    "a_failed_basic_authentication_is_challenged_as_basic": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "A client that used the Authorization header gets 401 with a challenge of its scheme.",
    ),
    "an_unknown_client_is_an_invalid_client_with_a_challenge": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "The same holds for a client that is not known.",
    ),
    "two_ways_of_authentication_in_one_request_are_refused": Must(
        "RFC 6749 2.3",
        "2025-03-26",
        "A client uses one way of authentication in each request.",
    ),
    "header_and_body_cannot_name_two_clients": Must(
        "RFC 6749 2.3, 5.2",
        "2025-03-26",
        "A request comes from one client.",
    ),
    "a_parameter_given_twice_is_refused": Must(
        "RFC 6749 3.2",
        "2025-03-26",
        "No parameter is included more than once.",
    ),
    "a_request_without_a_grant_type_is_refused": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "A missing grant type is an invalid request.",
    ),
    "a_request_without_a_required_parameter_is_refused": Must(
        "RFC 6749 4.1.3, 6",
        "2025-03-26",
        "A missing code or refresh token is an invalid request.",
    ),
    "a_client_with_a_secret_cannot_refresh_without_it": Must(
        "RFC 6749 6, 10.4",
        "2025-03-26",
        "A refresh requires the authentication of a client that has credentials.",
    ),
    "an_access_token_is_no_refresh_token": Must(
        "RFC 6749 1.5",
        "2025-03-26",
        "Refresh tokens and access tokens are never taken for one another.",
    ),
    "no_answer_with_or_without_tokens_may_be_stored": Must(
        "RFC 6749 5.1",
        "2025-03-26",
        "Answers of the token endpoint carry Cache-Control: no-store.",
    ),
    "a_client_with_a_secret_cannot_revoke_without_it": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "The client authenticates itself before a token is revoked.",
    ),
    "a_revocation_that_names_no_token_is_refused": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "The token to revoke is a required parameter.",
    ),
    "a_wrong_hint_saves_no_token_from_being_revoked": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "A hint that leads nowhere extends the search to all kinds of tokens.",
    ),
    "a_request_without_a_token_is_pointed_to_the_metadata": Must(
        "RFC 9728 5.1; MCP authorization",
        "2025-06-18",
        "A 401 names the address of the protected resource metadata.",
    ),
    "a_token_of_another_audience_opens_nothing": Must(
        "MCP authorization, token audience binding",
        "2025-06-18",
        "Tokens that were not issued for this MCP server are rejected.",
    ),
    "a_token_that_servicenow_issued_opens_nothing": Must(
        "MCP authorization, token passthrough",
        "2025-03-26",
        "No token that was not issued for the MCP server is accepted.",
    ),
    "a_token_that_manages_a_registration_opens_nothing": Must(
        "RFC 7592 3",
        "2025-03-26",
        "A registration access token is for the configuration endpoint alone.",
    ),
    "a_refresh_token_opens_nothing": Must(
        "RFC 6749 1.5",
        "2025-03-26",
        "Refresh tokens are for the authorization server only, never for resource servers.",
    ),
    "a_code_opens_nothing": Must(
        "RFC 6750 2; RFC 6749 1.4",
        "2025-03-26",
        "Only an access token opens the resource.",
    ),
    "an_expired_token_opens_nothing": Must(
        "RFC 6750 3.1; MCP authorization",
        "2025-03-26",
        "An expired token is answered 401 invalid_token.",
    ),
    "a_token_that_its_client_revoked_opens_nothing": Must(
        "RFC 7009 2.1; RFC 6750 3.1",
        "2025-03-26",
        "A revoked token is answered 401 invalid_token.",
    ),
    "a_token_in_the_query_string_opens_nothing": Must(
        "MCP authorization, token requirements; OAuth 2.1 5.1",
        "2025-03-26",
        "An access token in the query string is not accepted.",
    ),
    "a_token_in_the_body_opens_nothing": Must(
        "RFC 6750 2.2",
        "2025-03-26",
        "A token in a body that is no form is not accepted.",
    ),
    "a_cookie_opens_nothing": Must(
        "MCP security best practices, session hijacking",
        "2025-11-25",
        "A session is never used for authentication.",
    ),
    "another_scheme_opens_nothing": Must(
        "RFC 6750 2.1",
        "2025-03-26",
        "An access token is sent with the Bearer scheme.",
    ),
}
