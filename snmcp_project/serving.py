"""Running daphne, with an access log of our own and the embedded Redis where none is configured."""

import gc
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from starlette.types import ASGIApp

from snmcp_project import embedded_redis
from snmcp_project.access_log import log_request
from snmcp_project.asgi import application
from snmcp_project.bounded_answers import BoundedServer
from snmcp_project.bounded_connections import BoundedFactory

# Most objects that live long are made at the start; looking at them again and again, and after
# every 700 new ones, took a fifth of the time under load.
_GC_THRESHOLDS = (20_000, 50, 50)
_REQUEST_CHUNK = 64 * 1024
_STOP_SECONDS = 5


class CannotListen(RuntimeError):
    """The address is taken, or not ours to listen on."""


def serve(*, host: str, port: int, application: ASGIApp = application) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotListen if nothing can be listened on."""
    ready = Readiness()
    daphne.server.HTTPFactory = BoundedFactory  # daphne can be given no factory
    server = BoundedServer(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        action_logger=log_request,
        request_buffer_size=_REQUEST_CHUNK,
        ready_callable=ready.reached,
        server_name="",
    )
    with redis_running():
        server.run()
    if not ready.is_reached:
        raise CannotListen(f"Cannot listen on {host}:{port}: another program may hold the port.")


class Readiness:
    """Whether the server came so far as to take requests."""

    def __init__(self) -> None:
        self.is_reached = False

    def reached(self) -> None:
        """Note it, and keep the garbage collector off what the start has made."""
        self.is_reached = True
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_GC_THRESHOLDS)


@contextmanager
def redis_running() -> Iterator[None]:
    """Run the embedded Redis meanwhile, if it is the one configured and nobody runs it yet."""
    directory = settings.EMBEDDED_REDIS_DIR
    embedded = f"unix://{directory}/redis.sock"
    child = embedded_redis.ensure_running(directory) if embedded == settings.REDIS_URL else None
    try:
        yield
    finally:
        if child is not None:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
