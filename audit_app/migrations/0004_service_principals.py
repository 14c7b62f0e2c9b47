"""Let records name service principals.

Choices are nothing to the database, so it is not touched: remaking a table on SQLite would drop
the triggers that guard it.
"""

from django.db import migrations, models

CREDENTIAL = models.CharField(
    choices=[
        ("oauth", "OAuth access token"),
        ("reconnect", "reconnect token"),
        ("service", "service principal"),
    ],
    max_length=9,
    verbose_name="credential",
)


class Migration(migrations.Migration):
    dependencies = [("audit_app", "0003_auditors")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model_name="toolcall", name="credential", field=CREDENTIAL)
            ],
            database_operations=[],
        )
    ]
