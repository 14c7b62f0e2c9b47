"""Sessions say whose they are, so that they can be ended; those there are end now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def end_sessions(apps, _schema_editor):
    """Everybody signs in once more: nobody could end a session that does not say whose it is."""
    apps.get_model("oauth_app", "BrowserSession").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("oauth_app", "0008_refresh_faults_and_heartbeats"),
    ]

    operations = [
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
        migrations.AddField(
            model_name="browsersession",
            name="user",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="browser_sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
