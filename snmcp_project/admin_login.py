"""Operators log in with a password; nobody may guess it from one address without end."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.forms import AuthenticationForm

from oauth_app.address_limits import AddressLimit, address_of

# Counts every try, also the good ones: a bad one is known only after the password was compared.
LOG_INS: Final = AddressLimit("log-ins", most=30)


class OperatorLoginForm(AuthenticationForm):  # type: ignore[misc]  # unfold has no types
    """The admin's own form, with a limit for each address."""

    def clean(self) -> dict[str, Any]:
        """Compare the password unless this address has tried too often within the hour."""
        allowance = LOG_INS.spend(address_of(self.request))
        if not allowance.is_counted:
            raise ValidationError(_("Log-ins cannot be counted just now. Try again in a minute."))
        if not allowance.is_allowed:
            raise ValidationError(_("Too many tries from your network. Come back in an hour."))
        cleaned: dict[str, Any] = super().clean()
        return cleaned
