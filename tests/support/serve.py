"""`python -m tests.support.serve MODULE PORT`: the `application` of a module, at daphne."""

import sys
from importlib import import_module

from snmcp_project.serving import serve

if __name__ == "__main__":
    serve(
        host="127.0.0.1",
        port=int(sys.argv[2]),
        application=import_module(sys.argv[1]).application,
    )
