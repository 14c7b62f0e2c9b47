"""Make the group that may read the redacted arguments of tool calls.

Permissions are normally made after all migrations, which is too late for a group that has some.
Made here under the same names, they are found and left alone then.
"""

from django.db import migrations

GROUP = "Auditors"
PERMISSIONS = [
    ("toolcall", "view_toolcall", "Can view tool call"),
    ("toolcall", "view_arguments", "Can view the redacted arguments of tool calls"),
    ("toolcalloutcome", "view_toolcalloutcome", "Can view outcome of a tool call"),
]


def make_auditors(apps, schema_editor):
    using = schema_editor.connection.alias
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    auditors, _made = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=GROUP)
    for model, codename, name in PERMISSIONS:
        content_type, _made = content_types.get_or_create(app_label="audit_app", model=model)
        permission, _made = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        auditors.permissions.add(permission)


def remove_auditors(apps, schema_editor):
    using = schema_editor.connection.alias
    apps.get_model("auth", "Group").objects.using(using).filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("audit_app", "0002_triggers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_auditors, remove_auditors)]
