"""Run inside the apps: store the sign-ins that standard input lists, and print their rows' ids."""

import json
import sys
from datetime import UTC, datetime

from oauth_app.connection_tokens import store_sign_in
from oauth_app.instances import default_instance
from servicenow.oauth import TokenSet
from servicenow.who_am_i import Identity


def main() -> None:
    """Read [sys_id, user name, access token, refresh token, its end since 1970] as JSON."""
    instance = default_instance()
    if instance is None:
        raise SystemExit("no instance")
    rows = []
    for sys_id, name, access, again, end in json.load(sys.stdin):
        connection = store_sign_in(
            instance,
            tokens=TokenSet(access, again, 0, "useraccount"),
            identity=Identity(sys_id=sys_id, user_name=name, name=name, email=""),
            ends=datetime.fromtimestamp(end, UTC),
        )
        rows.append(connection.pk)
    print(json.dumps(rows))  # read by the proof
