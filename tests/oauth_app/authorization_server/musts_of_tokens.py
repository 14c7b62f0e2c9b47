"""What the token and revocation endpoints must never do, and what no token may open."""

from tests.oauth_app.authorization_server.musts import Must

TOKEN_MUSTS: dict[str, Must] = {
    "no_other_grant_is_known": Must(
        "RFC 6749 5.2; RFC 9700 2.4",
        "2025-03-26",
        "A grant type that is not supported is refused; the password grant is never offered.",
    ),
}
