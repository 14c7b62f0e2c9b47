"""Requests that are on their way at one moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.http import HttpResponse


def at_once(requests: list[Callable[[], HttpResponse]]) -> list[HttpResponse]:
    """Send all `requests` in the same moment and return their answers in order."""
    start = threading.Barrier(len(requests))

    def send(request: Callable[[], HttpResponse]) -> HttpResponse:
        start.wait()
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))
