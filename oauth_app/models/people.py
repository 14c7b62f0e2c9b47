"""People: those who came from ServiceNow, and operators."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person. Those from ServiceNow have no password here; operators may."""

    class Meta(AbstractUser.Meta):
        pass
