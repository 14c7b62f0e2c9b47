"""Seals: links of a signed chain over the rows of the audit log.

A seal names every row it covers by id and SHA-256, so that verification can say which row was
touched. Rows are sealed after they are committed, by one sealer for the whole site: a chain inside
the path of a call would make calls of different people wait for one another.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit_app.append_only import AppendOnlyModel, AppendOnlyQuerySet

# The number of the first seal, and what it follows.
FIRST = 1
BEGINNING = "0" * 64
# The form of a seal's own canonical text; another form needs another number.
SEAL_FORM = "seal 1"


class Kind(models.TextChoices):
    """What a seal says."""

    ROWS = "rows", _("rows were added")
    RETENTION = "retention", _("rows were removed as retention says")
    ERASURE = "erasure", _("what identified a person was erased")


class SealQuerySet(AppendOnlyQuerySet["Seal"]):
    """Questions about seals."""

    def head(self) -> "Seal | None":
        """Return the last seal."""
        return self.order_by("-number").first()

    def after(self, number: int) -> Self:
        """Seals later than `number`, in order."""
        return self.filter(number__gt=number).order_by("number")

    def erased(self) -> dict[int, int]:
        """Return up to which call, by its id, somebody is erased, by their user id."""
        through: dict[int, int] = {}
        for seal in self.filter(kind=Kind.ERASURE, number__gte=FIRST).without_rows():
            person, last, _calls = seal.erased()
            through[person] = max(last, through.get(person, 0))
        return through

    def before_the_first(self) -> Self:
        """Seals that cannot be: the chain begins at one."""
        return self.filter(number__lt=FIRST)

    def without_rows(self) -> Self:
        """Leave the rows that each seal names in the database: they may be megabytes."""
        return self.defer("calls", "outcomes")


class Seal(AppendOnlyModel):
    """One link: the rows it covers, where each ledger stands, and the link before it."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    form = models.CharField(_("form of the rows"), max_length=20)
    sealed_at = models.DateTimeField(_("sealed"))
    # Id (8 bytes, big-endian) and SHA-256 of each row: those that came late, then new ones.
    calls = models.BinaryField(_("calls"))
    outcomes = models.BinaryField(_("outcomes"))
    # JSON as text, because the very characters are hashed: see `Standing`, and `retention`.
    facts = models.TextField(_("facts"))
    previous = models.CharField(_("digest of the seal before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    signed_by = models.CharField(_("public key"), max_length=44)
    signature = models.CharField(_("signature"), max_length=88)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        default_permissions = ["view"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=FIRST), name="seals_begin_at_one")
        ]

    def __str__(self) -> str:
        return f"Seal {self.number}"

    def true_digest(self) -> str:
        """Return the digest that belongs to what this seal says and to the seal before it."""
        parts = [
            *(SEAL_FORM, str(self.number), self.kind, self.form, _moment(self.sealed_at)),
            *(hashlib.sha256(rows).hexdigest() for rows in (self.calls, self.outcomes)),
            *(self.facts, self.previous),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def rows_of(self, ledger: str) -> bytes:
        """Return what this seal says of the rows of a ledger: `calls` or `outcomes`."""
        return bytes(self.calls if ledger == "calls" else self.outcomes)

    def told(self) -> dict[str, Any]:
        """Return the facts; empty where somebody wrote something else in their place."""
        try:
            facts = json.loads(self.facts)
        except ValueError:
            return {}
        return facts if isinstance(facts, dict) else {}

    def erased(self) -> tuple[int, int, int]:
        """Return whose calls an erasure emptied, up to which, and how many; zeros where none."""
        told = self.told().get("erased", {})
        try:
            return int(told["user_id"]), int(told["through"]), int(told["calls"])
        except (TypeError, ValueError, KeyError, AttributeError):
            return 0, 0, 0


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
