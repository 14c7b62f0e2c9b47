"""What may be said of an MCP client. All it says of itself is untrusted text."""

import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext
from oauth2_provider.models import Application

MOST_CHARACTERS = 60


def cleaned_name(text: str) -> str:
    """Return `text` on one line, without invisible or direction-changing characters, capped."""
    shown = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    words = " ".join(shown.split())
    if len(words) <= MOST_CHARACTERS:
        return words
    return words[: MOST_CHARACTERS - 1].rstrip() + "…"


def client_name(application: Application) -> str:
    """Return what the client calls itself, cleaned; never empty."""
    return cleaned_name(application.name) or gettext("A client without a name")


def verified_domain(application: Application) -> str | None:
    """Return the domain that vouches for this client, or None.

    Only a client that is identified by a document fetched from its own https address has one; a
    name given at registration proves nothing.
    """
    if application.registration_source != Application.RegistrationSource.CIMD:
        return None
    return urlsplit(str(application.client_id)).hostname


def is_registered_by_operator(application: Application) -> bool:
    """Whether whoever runs this server entered the client and its name."""
    return bool(application.registration_source == Application.RegistrationSource.MANUAL)


def described(application: Application) -> list[object]:
    """Return all that a client says of itself and that a person may go by, in JSON's types."""
    return [
        application.client_id,
        application.client_type,
        application.registration_source,
        application.name,
        sorted(application.redirect_uris.split()),
    ]
