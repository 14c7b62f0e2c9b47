"""`manage.py serve`: the web server, daphne, without query strings in its access log."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from oauth_app.exceptions import WrongKeys
from oauth_app.instances import default_instance
from oauth_app.key_proof import prove_keys


class Command(BaseCommand):
    """Check the settings, then serve until SIGTERM or Ctrl-C."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to listen on; the proxy in front reaches it on this machine."""
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.MCP_PORT, help="default: MCP_PORT")

    def handle(self, *, host: str, port: int, **_options: object) -> None:
        """Serve.

        Raises SystemCheckError if the database lacks what guards the audit log or the keys are not
        its own, CommandError if it is not migrated or the port is taken.
        """
        require_migrated()
        self.check(databases=["default"])
        require_right_keys()
        default_instance()  # takes over what the settings say of ServiceNow
        # Imported here: it installs Twisted's reactor, which no other command wants.
        from snmcp_project.serving import CannotListen, serve  # noqa: PLC0415  # see above

        self.stdout.write(f"Serving {settings.PUBLIC_BASE_URL} on {host}:{port}.")
        try:
            serve(host=host, port=port)
        except CannotListen as fault:
            raise CommandError(str(fault)) from fault


def require_right_keys() -> None:
    """Raise CommandError if TOKEN_ENCRYPTION_KEY does not open what the database holds."""
    try:
        prove_keys()
    except WrongKeys as fault:
        raise CommandError(str(fault)) from fault


def require_migrated() -> None:
    """Raise CommandError if a migration has not been applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not migrated. Run: python manage.py migrate")
