"""People: those who came from ServiceNow, and operators."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person. Those from ServiceNow have no password here; operators may."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
