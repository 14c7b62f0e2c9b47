"""`python -m proofs.forking PORT`: a web worker (uvicorn) that comes back in a moment when killed.

This process imports the product once, and serves nothing; its child serves. A child that dies is
replaced by the next one at once, so that a hundred kills do not take a hundred slow starts.
"""

import os
import signal
import sys
import threading
import time

import uvicorn

from snmcp_project.asgi import application

_BETWEEN_CHILDREN_SECONDS = 0.05


def main(port: str) -> None:
    """Keep a child serving until SIGTERM."""
    if threading.active_count() > 1:
        raise SystemExit("no fork is safe beside other threads")
    while True:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            uvicorn.run(
                application,
                port=int(port),
                log_level="warning",
                access_log=False,
                timeout_keep_alive=60,
            )
            os._exit(0)
        signal.signal(signal.SIGTERM, lambda *_, child=child: _leave(child))
        os.waitpid(child, 0)
        time.sleep(_BETWEEN_CHILDREN_SECONDS)


def _leave(child: int) -> None:
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
