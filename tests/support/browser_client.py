"""An MCP client at the moment it opens a browser: registered, listening, waiting for its code."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from snmcp_project.demo.site import DemoSite

DONE = "You can close this window"


class _Callback(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<h1>{DONE}</h1>".encode())

    def log_message(self, *_words: object) -> None:
        """Print nothing."""


@contextmanager
def listening() -> Iterator[str]:
    """Listen as a client on this computer does; gives the redirect URI."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Callback) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/callback"
        server.shutdown()


@dataclass
class BrowserClient:
    """A public client that has registered itself."""

    site: DemoSite
    client_id: str
    redirect_uri: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @classmethod
    def registered(cls, site: DemoSite, name: str, redirect_uri: str) -> "BrowserClient":
        answer = httpx.post(
            f"{site.address}/o/register/",
            json={
                "client_name": name,
                "redirect_uris": [redirect_uri],
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            },
        )
        assert answer.status_code == 201, answer.text
        return cls(site, answer.json()["client_id"], redirect_uri)

    @property
    def authorization_url(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "mcp:read mcp:write",
            "state": "the-clients-state",
            "resource": f"{self.site.address}/mcp",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.site.address}/o/authorize/?{urlencode(asked)}"

    def token(self, called_back: str) -> str:
        """Exchange the code in the address the client was called back at."""
        asked = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(called_back).query)["code"][0],
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "code_verifier": self.verifier,
        }
        answer = httpx.post(f"{self.site.address}/o/token/", data=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])
