"""Fetching the document by which a client identifies itself, from the open internet only."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import ParseResult

import httpx
from oauth2_provider.cimd import CIMDError, SafeMetadataFetcher, _validate_client_id_url
from oauth2_provider.settings import oauth2_settings

from oauth_app.authorization_server.public_addresses import is_public

_HEADERS = {"Accept": "application/json, application/*+json", "Accept-Encoding": "identity"}


@dataclass(frozen=True)
class _Answer:
    """An answer as the library reads it."""

    status: int
    headers: httpx.Headers
    body: bytes

    def read(self, most_bytes: int) -> bytes:
        """Return the body, or so much of it that it is seen to be too large."""
        return self.body[:most_bytes]


class PublicDocuments(SafeMetadataFetcher):  # type: ignore[misc]  # the library has no types
    """django-oauth-toolkit's fetcher, with a narrower idea of what is public, and of time.

    A name is resolved once, every address it has must be public, and the connection goes to one of
    those addresses, so that a name which changes its answer in between gains nothing. The library
    begins its time anew with every byte, and a server that sends one now and then holds it.
    """

    transport: ClassVar[httpx.AsyncBaseTransport | None] = None

    def fetch(self, client_id: str) -> tuple[dict[str, Any], int]:
        """Return the document and for how many seconds it may be kept.

        Takes `CIMD_FETCH_TIMEOUT_SECONDS` at most once the name is resolved. Raises `CIMDError`.
        """
        asked = _validate_client_id_url(client_id)
        # An empty one is there all the same, and the library does not see it.
        if "@" in asked.netloc or "#" in client_id:
            raise CIMDError("client_id URL must contain neither userinfo nor fragment")
        document, seconds = self._read_document(
            asyncio.run(self._answer_of(asked, addresses=_public_addresses(asked)))
        )
        return _with_our_grants(document), seconds

    async def _answer_of(self, asked: ParseResult, *, addresses: list[str]) -> _Answer:
        """Ask one address after the other until one answers."""
        fault: Exception | None = None
        try:
            async with (
                asyncio.timeout(oauth2_settings.CIMD_FETCH_TIMEOUT_SECONDS),
                httpx.AsyncClient(
                    verify=ssl.create_default_context(), trust_env=False, transport=self.transport
                ) as web,
            ):
                for address in addresses:
                    try:
                        return await _get(web, asked, address=address)
                    except httpx.HTTPError as failure:
                        fault = failure
        except TimeoutError as failure:
            fault = failure
        raise CIMDError(f"could not fetch client_id document: {fault!r}")


async def _get(web: httpx.AsyncClient, asked: ParseResult, *, address: str) -> _Answer:
    """Ask `address`, which must prove by its certificate that it is the host asked for."""
    url = httpx.URL(
        scheme="https",
        host=address,
        port=asked.port,
        raw_path=(asked.path + (f"?{asked.query}" if asked.query else "")).encode(),
    )
    most = oauth2_settings.CIMD_MAX_DOCUMENT_SIZE
    headers = {**_HEADERS, "Host": asked.netloc}
    async with web.stream(
        "GET", url, headers=headers, extensions={"sni_hostname": asked.hostname}
    ) as response:
        body = b""
        # As it comes over the wire: nothing is unpacked, so nothing can swell.
        async for part in response.aiter_raw():
            body += part
            if len(body) > most:
                break
        return _Answer(response.status_code, response.headers, body)


def _with_our_grants(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without the grants that are not for it here, as at registration.

    A document is written for every server, and the library takes none that names two grants.
    """
    grants = document.get("grant_types", ["authorization_code"])
    if not isinstance(grants, list) or "authorization_code" not in grants:
        raise CIMDError("authorization_code is the only way to a token for such a client")
    return {**document, "grant_types": ["authorization_code", "refresh_token"]}


def _public_addresses(asked: ParseResult) -> list[str]:
    """Return the addresses of the host. Raises `CIMDError` unless all of them are public."""
    try:
        found = socket.getaddrinfo(asked.hostname, asked.port or 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as fault:
        raise CIMDError(f"could not resolve client_id host: {fault}") from fault
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_public, addresses)):
        raise CIMDError(f"client_id host resolves to a non-public address ({addresses})")
    return addresses
