import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oauth_app", "0004_consents_that_are_remembered")]

    operations = [
        migrations.AddField(
            model_name="clientgrant",
            name="last_used_address",
            field=models.GenericIPAddressField(editable=False, null=True, verbose_name="from"),
        ),
        migrations.CreateModel(
            name="ServiceClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "client_grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_client",
                        to="oauth_app.clientgrant",
                        verbose_name="client grant",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_clients",
                        to="oauth_app.connection",
                        verbose_name="connection",
                    ),
                ),
            ],
            options={
                "verbose_name": "service principal",
                "verbose_name_plural": "service principals",
            },
        ),
    ]
