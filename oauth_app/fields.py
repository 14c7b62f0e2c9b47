"""A model field whose value is encrypted at rest and bound to its row and field."""

# ruff: noqa: ANN401  # these override methods of Django that take and give anything

from typing import TYPE_CHECKING, Any, Protocol

from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from oauth_app.encryption import Binding, Envelope, keyset
from oauth_app.encryption_canary import require_right_keys

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField  # cannot be subscripted at run time


class HoldsSecrets(Protocol):
    """A model with encrypted fields: it says which instance, person and row they belong to."""

    def secret_binding(self, field_name: str) -> Binding:
        """Return what a ciphertext of `field_name` in this row is bound to."""
        ...


class _EncryptedAttribute(DeferredAttribute):
    """Decrypts when the attribute is read, not when the row is loaded."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        held = super().__get__(instance, cls)
        if not isinstance(held, Envelope):
            return held
        return keyset().decrypt(held, binding=instance.secret_binding(self.field.name))

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_Text):
    """Text that is clear on the instance and an envelope in the database; empty stays empty.

    `QuerySet.update` and `values` know no row, so `update` takes an envelope made with `sealed`
    (clear text is refused) and `values` gives envelopes. Forms and serialisers leave it out.
    """

    descriptor_class = _EncryptedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs["serialize"] = False
        super().__init__(*args, **kwargs)

    def check(self, **options: Any) -> list[CheckMessage]:
        """E007: a model with secrets has to say what they are bound to."""
        found = super().check(**options)
        if not hasattr(self.model, "secret_binding"):
            hint = "Add secret_binding(field_name), which returns instance, person, row and field."
            message = "A model with an encrypted field needs the method secret_binding."
            found.append(Error(message, hint=hint, obj=self, id="oauth_app.E007"))
        return found

    def sealed(self, instance: HoldsSecrets, clear: str) -> str:
        """Return `clear` as it is stored for `instance`: an envelope, or empty text.

        Raises WrongKeys: what a wrong key encrypts would be lost, with what it replaces.
        """
        if not clear:
            return ""
        require_right_keys()
        return keyset().encrypt(clear, binding=instance.secret_binding(self.name))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001  # Django's signature
        """Encrypt what is still clear; an envelope that was only loaded is stored unchanged."""
        held = model_instance.__dict__[self.attname]
        if held and not isinstance(held, Envelope):
            held = self.sealed(model_instance, held)  # type: ignore[arg-type]  # see HoldsSecrets
            model_instance.__dict__[self.attname] = held
        return held

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002  # Django's signature
    ) -> Any:
        """Refuse clear text on every way to the database, also in lookups."""
        if value and not isinstance(value, Envelope):
            raise TypeError(f"{self.name} takes no clear text here; use sealed()")
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: str, *_: Any) -> str:
        """Mark what comes from the database as an envelope."""
        return Envelope(value) if value else value

    def value_from_object(self, obj: models.Model) -> Any:
        """Give serialisers and forms the stored form, never the clear text."""
        return obj.__dict__.get(self.attname, "")


def sealed(instance: models.Model, field_name: str, clear: str) -> str:
    """Return `clear` as an envelope for `QuerySet.update(field_name=…)` on exactly this row."""
    field = instance._meta.get_field(field_name)  # noqa: SLF001  # Django's documented API
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{field_name} is not an encrypted field")
    return field.sealed(instance, clear)  # type: ignore[arg-type]  # see HoldsSecrets
