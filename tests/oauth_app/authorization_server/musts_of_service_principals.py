"""What clients that work by themselves, and the alias of the endpoint, must never get."""

from tests.oauth_app.authorization_server.musts import Must

SERVICE_MUSTS: dict[str, Must] = {
    "client_authentication_must_succeed": Must(
        "RFC 6749 4.4.2, 5.2",
        "2025-03-26",
        "The client authenticates itself; where that fails the answer is 401 invalid_client.",
    ),
    "a_wrong_secret_in_the_header_is_challenged": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "A client that tried the Authorization header is answered with the scheme it used.",
    ),
    "a_secret_opens_only_the_client_it_was_made_for": Must(
        "RFC 6749 10.1",
        "2025-03-26",
        "The credentials of one client authenticate no other.",
    ),
    "the_grant_must_be_used_by_service_principals_only": Must(
        "RFC 6749 4.4",
        "2025-03-26",
        "The client credentials grant is used only by confidential clients that may use it.",
    ),
    "a_client_cannot_register_itself_for_the_grant": Must(
        "RFC 6749 5.2; RFC 7591 2",
        "2025-03-26",
        "A client that is not authorized to use a grant type is refused it.",
    ),
    "a_service_principal_must_not_use_another_grant": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "Being authorized for one grant type authorizes a client for no other.",
    ),
    "a_refresh_token_should_not_be_included": Must(
        "RFC 6749 4.4.3",
        "2025-03-26",
        "The answer to client credentials carries no refresh token.",
    ),
    "a_scope_beyond_what_was_given_is_invalid": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "A scope that exceeds what was granted is answered invalid_scope.",
    ),
    "a_service_principal_gets_no_token_for_a_foreign_resource": Must(
        "RFC 8707 2",
        "2025-06-18",
        "A resource that the server does not know is answered invalid_target.",
    ),
    "an_ended_principal_gets_no_token_and_its_tokens_open_nothing": Must(
        "RFC 6749 5.2; OAuth 2.1 7.4.2",
        "2025-03-26",
        "Credentials that were revoked authenticate nobody, and what came of them ends too.",
    ),
    "an_expired_principal_gets_no_token_and_its_tokens_open_nothing": Must(
        "RFC 6749 5.2",
        "2025-03-26",
        "Credentials that are over authenticate nobody, and what came of them ends too.",
    ),
    "another_client_cannot_revoke_its_tokens": Must(
        "RFC 7009 2.1",
        "2025-03-26",
        "A token is revoked only at the wish of the client it was issued to.",
    ),
    "a_code_for_the_alias_cannot_be_widened_to_the_endpoint": Must(
        "RFC 8707 2.2",
        "2025-06-18",
        "The token request names no resource beyond those that the code was granted for.",
    ),
    "a_refresh_cannot_widen_the_alias_to_the_endpoint": Must(
        "RFC 8707 2.2",
        "2025-06-18",
        "A refresh names no resource beyond those that the refresh token was granted for.",
    ),
}
