"""Abel owns the connection, Beth works on the same instance, Charlie must get nothing."""

from dataclasses import replace

from tools_app.identity import Caller

INSTANCE_URL = "http://localhost:8090"

ABEL = Caller(
    user_id=1,
    connection_id=11,
    instance_id=1,
    sys_id="62826bf03710200044e0bfc8bcbe5df1",
    user_name="abel.tuter",
    name="Abel Tuter",
    instance_url=INSTANCE_URL,
    access="write",
    toolsets=None,
    credential="oauth",
    client_name="Tests",
    sign_in_url="http://localhost:8080/oauth/authorize",
)
BETH = replace(
    ABEL,
    user_id=2,
    connection_id=12,
    sys_id="46d44a23a9fe19810012d100cca80666",
    user_name="beth.anglin",
    name="Beth Anglin",
)
CHARLIE = replace(
    ABEL,
    user_id=3,
    connection_id=13,
    sys_id="",
    user_name="charlie.whitherspoon",
    name="Charlie Whitherspoon",
)
