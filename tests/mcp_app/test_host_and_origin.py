"""The matrix of hosts and origins: who may talk to `/mcp`, by whatever method."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from mcp_app.routing import endpoint
from tests.mcp_app.raw_requests import Answered, Asked, Headers, answered

METHODS = ("POST", "GET", "DELETE", "OPTIONS", "PUT")
LET_IN, MISDIRECTED, FORBIDDEN = 401, 421, 403  # 401: only the credential is missing

PUBLIC = {
    b"mcp.example.com": LET_IN,
    b"mcp.example.com:443": LET_IN,
    b"MCP.Example.COM": LET_IN,
    b"mcp.example.com.": LET_IN,
    b"mcp.example.com..": MISDIRECTED,
    b"mcp.example.com:": MISDIRECTED,
    b"mcp.example.com:99999999": LET_IN,  # the port is nobody's business: proxies change it
    b"mcp.example.com:port": MISDIRECTED,
    b"mcp.example.com:443:443": MISDIRECTED,
    b"mcp.example.com/": MISDIRECTED,
    b"mcp.example.com?": MISDIRECTED,
    b"mcp.example.com#": MISDIRECTED,
    b"mcp.example.com,evil.example": MISDIRECTED,
    b"mcp.example.com evil.example": MISDIRECTED,
    b"mcp.example.com\t": MISDIRECTED,
    b"mcp.example.com\x00": MISDIRECTED,
    b"mcp.example.com\xa0": MISDIRECTED,
    b"mcp.example.com.evil.example": MISDIRECTED,
    b"evilmcp.example.com": MISDIRECTED,
    b"x.mcp.example.com": MISDIRECTED,
    b"example.com": MISDIRECTED,
    b".mcp.example.com": MISDIRECTED,
    b"*": MISDIRECTED,
    b"*.example.com": MISDIRECTED,
    b"mcp.example.com@evil.example": MISDIRECTED,
    b"user@mcp.example.com": MISDIRECTED,
    b"user:secret@mcp.example.com": MISDIRECTED,
    b"https://mcp.example.com": MISDIRECTED,
    b"mcp\xe9.example.com": MISDIRECTED,
    "mcp.ex\u00e4mple.com".encode(): MISDIRECTED,
    "\uff4dcp.example.com".encode(): MISDIRECTED,
    b"xn--mcp.example.com": MISDIRECTED,
    b"evil.example": MISDIRECTED,
    b"localhost": MISDIRECTED,
    b"127.0.0.1": MISDIRECTED,
    b"127.1": MISDIRECTED,
    b"2130706433": MISDIRECTED,
    b"0.0.0.0": MISDIRECTED,
    b"[::1]": MISDIRECTED,
    b"[::ffff:127.0.0.1]": MISDIRECTED,
    b"169.254.169.254": MISDIRECTED,
    b"null": MISDIRECTED,
    b"": MISDIRECTED,
}
LOCAL = {
    b"localhost": LET_IN,
    b"localhost:8080": LET_IN,
    b"localhost:1": LET_IN,
    b"LocalHost:8080": LET_IN,
    b"localhost.": LET_IN,
    b"127.0.0.1:8080": LET_IN,
    b"[::1]:8080": LET_IN,
    b"::1": MISDIRECTED,
    b"[::1": MISDIRECTED,
    b"[::1]evil": MISDIRECTED,
    b"[::2]": MISDIRECTED,
    b"[0:0:0:0:0:0:0:1]": MISDIRECTED,
    b"127.0.0.2": MISDIRECTED,
    b"localhost.localdomain": MISDIRECTED,
    b"localhost.evil.example": MISDIRECTED,
    b"127.0.0.1.evil.example": MISDIRECTED,
    b"rebound.evil.example:8080": MISDIRECTED,
}
ORIGINS = {
    b"https://mcp.example.com": LET_IN,
    b"HTTPS://MCP.example.com": LET_IN,
    b"https://inspector.example:8443": LET_IN,
    b"https://xn--bcher-kva.example": LET_IN,
    b"https://[2001:db8::1]": LET_IN,
    b"chrome-extension://abcdef": LET_IN,
    b"https://mcp.example.com:443": FORBIDDEN,
    b"https://mcp.example.com.": FORBIDDEN,
    b"https://mcp.example.com/": FORBIDDEN,
    b"https://mcp.example.com/mcp": FORBIDDEN,
    b"https://mcp.example.com?": FORBIDDEN,
    b"https://mcp.example.com#": FORBIDDEN,
    b"https://mcp.example.com:8443": FORBIDDEN,
    b"http://mcp.example.com": FORBIDDEN,
    b"wss://mcp.example.com": FORBIDDEN,
    b"//mcp.example.com": FORBIDDEN,
    b"mcp.example.com": FORBIDDEN,
    b"https://user@mcp.example.com": FORBIDDEN,
    b"https://mcp.example.com@evil.example": FORBIDDEN,
    b"https://mcp.example.com.evil.example": FORBIDDEN,
    b"https://evilmcp.example.com": FORBIDDEN,
    b"https://x.mcp.example.com": FORBIDDEN,
    b"https://example.com": FORBIDDEN,
    b"https://evil.example": FORBIDDEN,
    b"https://evil.example https://mcp.example.com": FORBIDDEN,
    b"https://mcp.example.com,https://evil.example": FORBIDDEN,
    b"https://mcp.example.com\x00.evil.example": FORBIDDEN,
    b"https://mcp.example.com\\.evil.example": FORBIDDEN,
    b"https://inspector.example": FORBIDDEN,
    b"https://inspector.example:8444": FORBIDDEN,
    "https://b\u00fccher.example".encode(): FORBIDDEN,
    b"https://b\xfccher.example": FORBIDDEN,
    b"https://[2001:db8::2]": FORBIDDEN,
    b"chrome-extension://abcdeg": FORBIDDEN,
    b"http://localhost": FORBIDDEN,
    b"http://localhost:8080": FORBIDDEN,
    b"http://127.0.0.1:8080": FORBIDDEN,
    b"null": FORBIDDEN,
    b"NULL": FORBIDDEN,
    b"*": FORBIDDEN,
    b"://": FORBIDDEN,
    b"https://": FORBIDDEN,
    b"file://": FORBIDDEN,
    b"about:blank": FORBIDDEN,
    b"": FORBIDDEN,
    b" https://mcp.example.com": FORBIDDEN,
}
FORWARDED: Headers = [
    (b"x-forwarded-host", b"mcp.example.com"),
    (b"x-forwarded-server", b"mcp.example.com"),
    (b"x-host", b"mcp.example.com"),
    (b"forwarded", b"host=mcp.example.com"),
]


@pytest.fixture(autouse=True)
async def _ended() -> AsyncIterator[None]:
    """End what runs for this event loop; no database is asked before a credential is there."""
    yield
    await endpoint.stop()


@pytest.fixture
def public(settings: Settings) -> None:
    """A server that others reach under a name, and five origins beside its own."""
    settings.PUBLIC_BASE_URL = "https://mcp.example.com"
    settings.IS_LOOPBACK = False
    settings.ALLOWED_HOSTS = ["mcp.example.com"]
    settings.ALLOWED_ORIGINS = [
        "https://Inspector.example:8443/",
        "https://b\u00fccher.example:443",
        "https://[2001:DB8::1]",
        "chrome-extension://abcdef",
        *("*", "null", "https://", "https://a.example:99999", "https://[::1"),
    ]


async def let_in(asked: Asked) -> int:
    """The status; a refusal never tells a page that it may read it."""
    answer: Answered = await answered(asked)
    if answer.status in (MISDIRECTED, FORBIDDEN):
        assert "access-control-allow-origin" not in answer.headers
    return answer.status


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("host", "status"), PUBLIC.items())
async def test_only_its_own_name_is_the_host_of_a_public_server(host: bytes, status: int):
    for method in METHODS:
        assert await let_in(Asked(method, host=host)) == status


@pytest.mark.parametrize(("host", "status"), LOCAL.items())
async def test_only_loopback_is_the_host_of_a_local_server(host: bytes, status: int):
    for method in METHODS:
        assert await let_in(Asked(method, host=host)) == status


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("host", [None, b"evil.example"])
@pytest.mark.parametrize("forwarded", FORWARDED)
async def test_no_other_header_names_the_host(
    settings: Settings, host: bytes | None, forwarded: tuple[bytes, bytes]
):
    settings.TRUSTED_PROXIES = ["203.0.113.7"]
    assert await let_in(Asked(host=host, headers=[forwarded])) == MISDIRECTED


@pytest.mark.usefixtures("public")
async def test_a_host_is_named_once():
    own = (b"host", b"mcp.example.com")
    for second in (b"mcp.example.com", b"evil.example", b""):
        twice = Asked(host=None, headers=[own, (b"Host", second)])
        assert await let_in(twice) == MISDIRECTED


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    "path", [b"http://mcp.example.com/mcp", b"https://evil.example/mcp", b"//evil.example/mcp"]
)
async def test_an_address_with_a_host_in_it_is_not_mcps(path: bytes):
    """daphne is told the rest of it alone; other servers hand it on whole."""
    for method in METHODS:
        assert await let_in(Asked(method, path, host=b"mcp.example.com")) in (404, 405)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("origin", "status"), ORIGINS.items())
async def test_only_listed_origins_may_ask(origin: bytes, status: int):
    for method in METHODS:
        asked = Asked(method, host=b"mcp.example.com", headers=[(b"origin", origin)])
        assert await let_in(asked) == status


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("origin", "status"), ORIGINS.items())
async def test_only_listed_origins_may_ask_what_they_may_send(origin: bytes, status: int):
    headers = [(b"origin", origin), (b"access-control-request-method", b"POST")]
    asked = Asked("OPTIONS", host=b"mcp.example.com", headers=headers)
    answer = await answered(asked)
    assert answer.status == (204 if status == LET_IN else FORBIDDEN)
    assert ("access-control-allow-origin" in answer.headers) is (status == LET_IN)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.usefixtures("public")
async def test_an_origin_is_named_once():
    own = (b"origin", b"https://mcp.example.com")
    for second in (b"https://mcp.example.com", b"https://evil.example"):
        asked = Asked(host=b"mcp.example.com", headers=[own, (b"Origin", second)])
        assert await let_in(asked) == FORBIDDEN


@pytest.mark.usefixtures("public")
async def test_a_foreign_origin_is_no_better_with_our_host_elsewhere():
    for name in (b"referer", b"sec-fetch-site", b"x-forwarded-host"):
        headers = [(b"origin", b"https://evil.example"), (name, b"https://mcp.example.com")]
        assert await let_in(Asked(host=b"mcp.example.com", headers=headers)) == FORBIDDEN


def test_the_matrix_is_large_enough():
    assert len(PUBLIC) + len(LOCAL) >= 40
    assert len(ORIGINS) >= 40
