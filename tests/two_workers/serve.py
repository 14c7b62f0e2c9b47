"""`python -m tests.two_workers.serve PORT`: daphne, as the product runs it, with the fixture."""

import sys

from snmcp_project.serving import serve
from tests.two_workers.application import application

if __name__ == "__main__":
    serve(host="127.0.0.1", port=int(sys.argv[1]), application=application)
