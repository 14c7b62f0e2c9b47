"""Guard the audit tables in the database itself.

Every later migration that touches one of them ends with the same operation: on SQLite, remaking a
table drops its triggers without a word.
"""

from django.db import migrations

from audit_app import triggers

TABLES = ["audit_app_toolcall", "audit_app_toolcalloutcome"]


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, tables=TABLES)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection, tables=TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit_app", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
