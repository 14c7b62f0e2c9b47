"""`python -m tests.two_workers.make_people NUMBER`: a database with people, printed as JSON.

Each has two reconnect tokens. The database is that of the site whose settings this process has.
Their connections hold tokens that ServiceNow never gave out: nothing they call here asks it.
"""

import json
import sys
from datetime import timedelta
from io import StringIO

import django
from django.core.management import call_command

from snmcp_project.demo.site import OPERATOR


def main(number: int) -> None:
    """Make them, and an operator, and print a list of [user name, user id, token, other token]."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("ensure_operator", OPERATOR, stdout=StringIO())
    print(json.dumps([_made(n) for n in range(number)]))


def _made(n: int) -> list[str | int]:
    # The apps must be ready before anything that needs them is imported.
    from django.utils import timezone  # noqa: PLC0415  # see above

    from oauth_app import reconnect_tokens  # noqa: PLC0415  # see above
    from oauth_app.connection_tokens import store_sign_in  # noqa: PLC0415  # see above
    from oauth_app.instances import default_instance  # noqa: PLC0415  # see above
    from servicenow.oauth import TokenSet  # noqa: PLC0415  # see above
    from servicenow.who_am_i import Identity  # noqa: PLC0415  # see above

    instance = default_instance()
    assert instance
    name = f"person-{n:02}"
    connection = store_sign_in(
        instance,
        tokens=TokenSet(f"access-{n}", f"refresh-{n}", 86_400, "useraccount"),
        identity=Identity(sys_id=f"{n:032x}", user_name=name, name=name, email=""),
        ends=timezone.now() + timedelta(days=1),
    )
    tokens = [
        reconnect_tokens.make(user=connection.user, connection=connection, name=f"Client {c}")[1]
        for c in (1, 2)
    ]
    return [connection.user.get_username(), connection.user.pk, *tokens]


if __name__ == "__main__":
    main(int(sys.argv[1]))
