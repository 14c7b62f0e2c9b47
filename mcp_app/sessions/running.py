"""What this worker serves at the moment, so that it can be cancelled."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import anyio

RequestId = str | int
Entry = tuple[RequestId, anyio.CancelScope]


class RunningRequests:
    """The requests of one worker that are being served."""

    def __init__(self) -> None:
        self._scopes: dict[str, list[Entry]] = defaultdict(list)
        self._nothing_runs = anyio.Event()
        self._nothing_runs.set()

    @contextmanager
    def running(self, session: str, request_id: RequestId) -> Iterator[anyio.CancelScope]:
        """Serve a request inside a scope that ends when its client, or the worker, says so.

        `session` is "" for requests without one: nobody can name those from outside.
        """
        with anyio.CancelScope() as scope:
            entry = (request_id, scope)
            self._begin(session, entry)
            try:
                yield scope
            finally:
                self._end(session, entry)

    def _begin(self, session: str, entry: Entry) -> None:
        if not self._scopes:
            self._nothing_runs = anyio.Event()
        self._scopes[session].append(entry)

    def _end(self, session: str, entry: Entry) -> None:
        self._scopes[session].remove(entry)
        if not self._scopes[session]:
            del self._scopes[session]
        if not self._scopes:
            self._nothing_runs.set()

    def cancel(self, session: str, request_id: object) -> bool:
        """Cancel a session's request with this very id; say whether there was one."""
        found = [
            scope
            for running, scope in self._scopes.get(session, [])
            if type(running) is type(request_id) and running == request_id
        ]
        return _cancel(found)

    def cancel_session(self, session: str) -> bool:
        """Cancel all that runs for a session; say whether anything did."""
        return _cancel([scope for _, scope in self._scopes.get(session, [])])

    async def finished(self, *, within: float) -> None:
        """Wait until nothing runs any more, `within` seconds at most."""
        with anyio.move_on_after(within):
            await self._nothing_runs.wait()

    def cancel_all(self) -> None:
        """Cancel everything: the worker ends."""
        _cancel([scope for entries in self._scopes.values() for _, scope in entries])


def _cancel(scopes: list[anyio.CancelScope]) -> bool:
    for scope in scopes:
        scope.cancel()
    return bool(scopes)
