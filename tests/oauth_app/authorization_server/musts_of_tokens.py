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
}
