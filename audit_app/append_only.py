"""Models whose rows are written once. The database refuses changes too: see `triggers`."""

from collections.abc import Collection, Iterable
from typing import NoReturn, TypeVar

from django.db import models

from audit_app.exceptions import AppendOnly

Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """A query set that reads and adds; whatever changes or removes raises `AppendOnly`."""

    def update(self, **_values: object) -> NoReturn:
        """Refuse: raise `AppendOnly`."""
        raise AppendOnly

    def bulk_update(self, *_rows: object, **_options: object) -> NoReturn:
        """Refuse: raise `AppendOnly`."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """Refuse: raise `AppendOnly`."""
        raise AppendOnly

    def update_or_create(self, *_defaults: object, **_values: object) -> NoReturn:
        """Refuse: raise `AppendOnly`."""
        raise AppendOnly

    def bulk_create(
        self,
        objs: Iterable[Row],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,  # noqa: FBT001, FBT002  # the signature is Django's
        update_conflicts: bool = False,  # noqa: FBT001, FBT002  # the signature is Django's
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Row]:
        """Add rows. A conflict may neither change a row nor silently drop one."""
        if ignore_conflicts or update_conflicts or update_fields or unique_fields:
            raise AppendOnly
        return super().bulk_create(objs, batch_size)


class AppendOnlyModel(models.Model):
    """A row that is inserted once; saving it again or deleting it raises `AppendOnly`."""

    class Meta:
        abstract = True

    def save(self, *_args: object, using: str | None = None, **options: object) -> None:
        """Insert the row.

        A row that has a primary key already would first be tried as an UPDATE: `force_insert`
        forbids that.
        """
        if not self._state.adding or options.get("force_update") or options.get("update_fields"):
            raise AppendOnly
        super().save(force_insert=True, using=using)

    def delete(self, *_args: object, **_options: object) -> NoReturn:
        """Refuse: raise `AppendOnly`."""
        raise AppendOnly
