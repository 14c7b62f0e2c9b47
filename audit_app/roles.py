"""What the application's database role may do with audit rows on PostgreSQL: add and read them."""

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from audit_app.triggers import guarded_tables

_CHANGES = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


def application_role() -> str:
    """Return the role that DATABASE_URL names; empty where it names none."""
    return str(settings.DATABASES[DEFAULT_DB_ALIAS].get("USER") or "")


def limit_application_role(connection: BaseDatabaseWrapper) -> None:
    """Give the application's role all it needs and take what would let it change audit rows.

    `connection` is the owner's. Safe to run twice.
    """
    role = sql.Identifier(application_role())
    tables = [*connection.introspection.django_table_names(only_existing=True), "django_migrations"]
    guarded = guarded_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
        for table in sorted({*tables, *guarded}):
            allowed = "SELECT, INSERT" if table in guarded else "SELECT, INSERT, UPDATE, DELETE"
            name = sql.Identifier(table)
            if table in guarded:
                cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}, PUBLIC").format(name, role))
            grant = sql.SQL("GRANT " + allowed + " ON {} TO {}").format(name, role)
            cursor.execute(grant)


def changes_allowed(connection: BaseDatabaseWrapper) -> list[str]:
    """Return what the application's role could do to audit tables, as `UPDATE on …`.

    Empty on SQLite, which has no roles. An owner or superuser may do everything.
    """
    if connection.vendor != "postgresql":
        return []
    existing = set(connection.introspection.table_names())
    allowed = []
    with connection.cursor() as cursor:
        for table in guarded_tables():
            for change in _CHANGES if table in existing else ():
                cursor.execute(
                    "SELECT has_table_privilege(coalesce(nullif(%s, ''), current_user), %s, %s)",
                    [application_role(), table, change],
                )
                if cursor.fetchone()[0]:
                    allowed.append(f"{change} on {table}")
    return allowed


def owns_audit_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether this connection's role may do what only owners may."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(current_user, relowner, 'USAGE')) FROM pg_class"
            " WHERE relname = ANY(%s) AND pg_table_is_visible(oid)",
            [guarded_tables()],
        )
        return bool(cursor.fetchone()[0])
