"""Seal what identifies a person apart from the rest of a record, so that it can be erased.

Seals made before cover rows of another form: a log of a development version begins anew.
"""

from django.db import migrations, models

import audit_app.models
from audit_app import triggers

TABLES = ["audit_app_toolcall"]


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, tables=TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit_app", "0005_seals")]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="blinding",
            field=models.CharField(default=audit_app.models.fresh_blinding, editable=False, max_length=64),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="seal",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("rows", "rows were added"),
                            ("retention", "rows were removed as retention says"),
                            ("erasure", "what identified a person was erased"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                )
            ],
            database_operations=[],
        ),
        # SQLite has made the table anew, without its triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
