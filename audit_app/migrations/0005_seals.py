"""Seals of the audit log, guarded in the database as its rows are."""

from django.db import migrations, models

from audit_app import triggers

TABLES = ["audit_app_seal"]


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection, tables=TABLES)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection, tables=TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit_app", "0004_service_principals")]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('kind', models.CharField(choices=[('rows', 'rows were added'), ('retention', 'rows were removed as retention says')], max_length=9, verbose_name='kind')),
                ('form', models.CharField(max_length=20, verbose_name='form of the rows')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed')),
                ('calls', models.BinaryField(verbose_name='calls')),
                ('outcomes', models.BinaryField(verbose_name='outcomes')),
                ('facts', models.TextField(verbose_name='facts')),
                ('previous', models.CharField(max_length=64, verbose_name='digest of the seal before')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('signed_by', models.CharField(max_length=44, verbose_name='public key')),
                ('signature', models.CharField(max_length=88, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'default_permissions': ['view'],
            },
        ),
        migrations.RunPython(install, remove),
    ]
