"""Seal what identifies a person apart from the rest of a record, so that it can be erased.

Seals made before, by development versions alone, cover rows of another form: they are removed, and
the rows are sealed anew. The checkpoints of that time are to be put aside.
"""

from django.db import migrations, models

import audit_app.models
from audit_app import triggers

TABLES = ["audit_app_toolcall", "audit_app_seal"]


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection, tables=TABLES)


def begin_anew(apps, schema_editor):
    """Blind each old row by itself: one value for all would let one row tell of the others."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_app_seal")
        cursor.execute("SELECT id FROM audit_app_toolcall")
        blinded = [(audit_app.models.fresh_blinding(), row[0]) for row in cursor.fetchall()]
        cursor.executemany("UPDATE audit_app_toolcall SET blinding = %s WHERE id = %s", blinded)


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, tables=TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit_app", "0005_seals")]

    operations = [
        migrations.RunPython(remove, install),
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
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="seals_begin_at_one"
            ),
        ),
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
