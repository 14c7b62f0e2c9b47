"""The one HTTP client of a process and event loop.

It keeps connections alive and neither stores nor sends cookies: an instance sets a session
cookie for each person, and lets it win over the token of the next request, so a shared cookie
jar would make one person act as another. Redirects are not followed, proxies and `.netrc` of
the environment are not used: a token goes to the instance or nowhere.
"""

import asyncio
import ssl
from contextlib import suppress
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from threading import Lock
from typing import Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

# The longest wait is decided by the deadline of each call; these only bound its parts.
_TIMEOUT: Final = httpx.Timeout(30, connect=10, pool=15)
_MOST_CONNECTIONS: Final = 200
_KEEP_ALIVE_SECONDS: Final = 15
# Some answers repeat a long query in a header; aiohttp's own limit is 8,190.
_LONGEST_HEADER: Final = 65_536

TRANSPORT_FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError)

_clients: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
_clients_lock = Lock()


def shared_client() -> httpx.AsyncClient:
    """Return this event loop's client, made at the first call.

    Whoever ends an event loop (a Celery task, a test) calls `close_shared_client` before.
    Raises RuntimeError outside a running event loop.
    """
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        with _clients_lock:
            _forget_clients_of_closed_loops()
            client = _clients.setdefault(loop, cookieless_client(transport=pooled_transport()))
    return client


async def close_shared_client() -> None:
    """Close this event loop's client and its connections, if there is one."""
    with _clients_lock:
        client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


def cookieless_client(*, transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """Return a client over the given transport that behaves like the shared one.

    The transport must keep no cookies of its own.
    """
    return httpx.AsyncClient(
        transport=transport,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
        timeout=_TIMEOUT,
        headers={"User-Agent": "snmcp"},
    )


def never_left(failure: Exception) -> bool:
    """Whether a failed request certainly never reached the instance.

    The aiohttp transport reports most broken connections as httpx.ConnectTimeout, also those
    that broke after the request was sent, so its own exception underneath decides.
    """
    cause = failure.__cause__
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    return isinstance(
        failure, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL)
    )


def pooled_transport() -> httpx.AsyncBaseTransport:
    """Return a new pool of connections; tests put the simulator in this process in its place."""
    context = _tls_context()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=context, limit=_MOST_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE_SECONDS
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_sent_once,),
            max_field_size=_LONGEST_HEADER,
        )

    return AiohttpTransport(verify=context, client=session)


class ConnectionBroke(aiohttp.ClientConnectionError):
    """A connection broke after a request may have left."""


async def _sent_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a request by itself.

    It does so once for GET and PUT over any broken connection, beside the repetitions that the
    client of an instance counts; only exceptions of these two classes make it do so.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionBroke(type(error).__name__) from error


@cache
def _tls_context() -> ssl.SSLContext:
    # Making one takes 18 ms: one for the whole process.
    return httpx.create_ssl_context()


def _forget_clients_of_closed_loops() -> None:
    for loop in [loop for loop in _clients if loop.is_closed()]:
        # On a closed loop closing waits for nothing, so one step runs it to its end.
        closing = _clients.pop(loop).aclose()
        with suppress(StopIteration, RuntimeError):
            closing.send(None)
        closing.close()
