"""Settings for tests: the product's own, from a fixed environment."""

import os
import tempfile

_SCRATCH = tempfile.gettempdir()
os.environ["ENV_FILE"] = ""
for name, value in {
    "SECRET_KEY": "tests-only-" + "0123456789abcdef" * 4,
    "TOKEN_ENCRYPTION_KEY": "k1:qs4mFJrUcHHkrW9OgJPVX0MDfOy0jy+nv1EmBTEbU7Y=",
    "PUBLIC_BASE_URL": "http://localhost:8080",
    "SERVICENOW_INSTANCE_URL": "http://localhost:8090",
    "SERVICENOW_CLIENT_ID": "d3b0c442a98f4c1e9fb4c8996fb92427",
    "SERVICENOW_CLIENT_SECRET": "simulator-secret",
    "MCP_URL_TOKENS": "on",
    "REDIS_URL": f"unix://{_SCRATCH}/no-redis-here.sock",
    "AUDIT_CHECKPOINTS": f"{_SCRATCH}/replaced-by-tests-that-write-it.jsonl",
    "LOG_LEVEL": "WARNING",
}.items():
    os.environ[name] = value
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_SCRATCH}/replaced-by-the-db-fixture.sqlite3")

from snmcp_project.settings import *  # noqa: E402, F403  # the environment above must come first
from snmcp_project.settings import DATABASES  # noqa: E402  # the environment comes first

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",  # operators' passwords, fast
    "oauth_app.authorization_server.client_secrets.RandomSecretHasher",
]
# Limits are counted in this process; what counts in Redis has tests of its own.
CACHES = {"default": {"BACKEND": "tests.support.counted_here.CountedHere"}}
# Files are served from where they lie; whitenoise warns of a missing folder.
STATIC_ROOT = None  # type: ignore[assignment]  # Django takes None for "no folder"
# A test's database lives as long as the test: nothing has to survive a power cut.
_options = DATABASES["default"].get("OPTIONS", {})
if "init_command" in _options:
    _options["init_command"] = _options["init_command"].replace("=FULL", "=OFF")
