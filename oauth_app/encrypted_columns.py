"""Every encrypted column of every model, found by the class of its field, so none is forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import Count, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, StrIndex, Substr

from oauth_app.encryption import Envelope
from oauth_app.fields import EncryptedTextField

_VERSION_AND_BAR: Final = len("1|")


@dataclass(frozen=True)
class EncryptedColumn:
    """One column that holds envelopes."""

    model: type[Model]
    field: EncryptedTextField

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"  # noqa: SLF001  # Django's documented API

    def secrets(self) -> QuerySet[Any]:
        """Return the rows that hold something here, with the id of its key as `under_key`."""
        # The default manager may leave rows out.
        rows: QuerySet[Any] = self.model._base_manager.filter(**{f"{self.field.name}__gt": ""})  # noqa: SLF001  # Django's documented API
        # LIKE would be wrong: SQLite's takes `OLD` for `old`.
        rest = Substr(Cast(F(self.field.name), TextField()), _VERSION_AND_BAR + 1)
        end = StrIndex(Concat(rest, Value("|")), Value("|"))
        named: QuerySet[Any] = rows.annotate(under_key=Substr(rest, 1, end - 1))
        return named

    def per_key(self) -> dict[str, int]:
        """Return how many secrets stand under each key id; under "" what is no envelope."""
        counted = self.secrets().order_by().values("under_key").annotate(secrets=Count("pk"))
        return dict(counted.values_list("under_key", "secrets"))

    def under_none_of(self, key_ids: Collection[str]) -> QuerySet[Any]:
        """Return the rows whose secret here stands under another key than these."""
        return self.secrets().exclude(under_key__in=list(key_ids)).order_by("pk")

    def held_by(self, row: Model) -> Envelope:
        """Return what a loaded row holds here, as it is stored."""
        return Envelope(row.__dict__[self.field.attname])

    def put(self, row: Model, envelope: str) -> bool:
        """Store another envelope where the row still holds the one it was loaded with.

        Returns False where someone was faster: a nonce is used once, so what a refresh or a
        sign-in has stored meanwhile never equals what was loaded.
        """
        still_there = {"pk": row.pk, self.field.name: self.held_by(row)}
        rows: QuerySet[Any] = self.model._base_manager.filter(**still_there)  # noqa: SLF001  # Django's documented API
        return bool(rows.update(**{self.field.name: envelope}))


def encrypted_columns() -> list[EncryptedColumn]:
    """Return all of them, in the order of the installed apps."""
    return [
        EncryptedColumn(model, field)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy  # noqa: SLF001  # Django's documented API
        for field in model._meta.local_fields  # noqa: SLF001  # Django's documented API
        if isinstance(field, EncryptedTextField)
    ]
