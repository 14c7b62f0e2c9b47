"""What happened: two append-only rows for each tool call, its intent and its outcome.

The intent is committed before the first request to ServiceNow, the outcome before the answer
leaves. Rows carry plain ids and no foreign keys, so that nothing that is removed elsewhere takes a
record along. The last outcome of a call counts: `in_doubt` may be settled by a later one.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Self, cast

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit_app.append_only import AppendOnlyModel, AppendOnlyQuerySet
from audit_app.seals import Seal  # noqa: F401  # Django looks for models here

# An intent older than this without an outcome is in doubt: the server died, or lost its database.
IN_DOUBT_AFTER = timedelta(seconds=60)
# `with_result` calls a younger intent without an outcome this; it is never stored.
RUNNING = "running"
# Sorts after everything that may follow a prefix in the number of a record.
_AFTER_EVERY_NUMBER = "Z" * 12
_NUMBER = re.compile(r"[A-Za-z]{2,10}[0-9]{1,12}")
SYS_ID_LENGTH = 32
_BLINDING_BYTES = 16


def fresh_blinding() -> str:
    """Return random characters behind which what identifies a person is sealed."""
    return secrets.token_hex(_BLINDING_BYTES)


class Outcome(models.TextChoices):
    """How a tool call ended."""

    SUCCEEDED = "succeeded", _("succeeded")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")
    IN_DOUBT = "in_doubt", _("in doubt")


class Credential(models.TextChoices):
    """What opened the endpoint for a call."""

    OAUTH = "oauth", _("OAuth access token")
    RECONNECT = "reconnect", _("reconnect token")
    SERVICE = "service", _("service principal")


class Access(models.TextChoices):
    """What a tool does to a record."""

    READ = "read", _("read")
    CREATE = "create", _("create")
    UPDATE = "update", _("update")
    DELETE = "delete", _("delete")


class ToolCallQuerySet(AppendOnlyQuerySet["ToolCall"]):
    """Questions about tool calls."""

    def with_result(self, *, now: datetime | None = None) -> Self:
        """Add what the last outcome says to each call.

        `result` is an `Outcome` value, `in_doubt` also for an intent older than `IN_DOUBT_AFTER`
        without an outcome, or `RUNNING`. The others are None where there is no outcome yet:
        `result_code`, `record_table`, `record_sys_id`, `record_number`, `duration_ms`.
        """
        without_outcome = Case(
            When(opened_at__lt=(now or timezone.now()) - IN_DOUBT_AFTER, then=Value("in_doubt")),
            default=Value(RUNNING),
            output_field=CharField(),
        )
        return self.annotate(
            result=Coalesce(_of_last_outcome("outcome"), without_outcome),
            result_code=_of_last_outcome("code"),
            record_table=_of_last_outcome("record_table"),
            record_sys_id=_of_last_outcome("record_sys_id"),
            record_number=_of_last_outcome("record_number"),
            duration_ms=_of_last_outcome("duration_ms"),
        )

    def count_by_result(self, *, now: datetime | None = None) -> dict[str, int]:
        """Return how many calls have each `result` (see `with_result`)."""
        calls: Any = self.with_result(now=now)  # django-stubs does not see the annotations
        counted = calls.order_by().values("result").annotate(n=Count("pk"))
        return dict(counted.values_list("result", "n"))

    def gone_wrong(self, *, now: datetime | None = None) -> Self:
        """Calls that were refused, failed or are in doubt, `with_result`, the newest first."""
        calls: Any = self.with_result(now=now)  # django-stubs does not see the annotations
        wrong = [Outcome.REFUSED, Outcome.FAILED, Outcome.IN_DOUBT]
        return cast("Self", calls.filter(result__in=wrong).order_by("-opened_at", "-pk"))

    def ended(self, outcome: str) -> Self:
        """Calls whose last outcome is `outcome`; for `in_doubt` see the method of that name."""
        outcomes = ToolCallOutcome.objects.filter(outcome=outcome).last_of_each_call()
        return self.filter(pk__in=outcomes.values("call_id"))

    def without_outcome(self) -> Self:
        """Calls that are running, or whose end nobody recorded."""
        return self.exclude(Exists(ToolCallOutcome.objects.filter(call_id=OuterRef("pk"))))

    def running(self, *, now: datetime | None = None) -> Self:
        """Calls that began less than `IN_DOUBT_AFTER` ago and have not ended."""
        return self.without_outcome().opened_since((now or timezone.now()) - IN_DOUBT_AFTER)

    def in_doubt(self, *, now: datetime | None = None) -> Self:
        """Calls of which nobody knows whether they took effect (see `IN_DOUBT_AFTER`)."""
        said_so = ToolCallOutcome.objects.filter(outcome=Outcome.IN_DOUBT).last_of_each_call()
        silent = ToolCall.objects.without_outcome().opened_before(
            (now or timezone.now()) - IN_DOUBT_AFTER
        )
        return self.filter(pk__in=silent.values("pk").union(said_so.values("call_id")))

    def identifying(self, user_id: int) -> Self:
        """Calls of a person that still say who it was."""
        calls: Any = self.filter(user_id=user_id).alias(length=Length("blinding"))
        return cast("Self", calls.filter(length__lt=64))

    def opened_before(self, moment: datetime) -> Self:
        """Calls that began before `moment`."""
        return self.filter(opened_at__lt=moment)

    def opened_since(self, moment: datetime) -> Self:
        """Calls that began at `moment` or later."""
        return self.filter(opened_at__gte=moment)

    def about_record(self, number_or_sys_id: str) -> Self:
        """Calls on a record: a sys_id, or a number of which the last digits may be missing.

        Both the record that the outcome names and the one that the arguments asked for count, so
        that a call in doubt is found too.
        """
        return self.filter(pk__in=_ids_about_record(number_or_sys_id))

    def found_by(self, typed: str) -> Self:
        """Calls by what a person types: record, reference, or the beginning of a user name.

        Each kind is found through an index.
        """
        if len(typed) == SYS_ID_LENGTH:
            by_reference = ToolCall.objects.filter(reference_id=typed.lower()).values("pk")
            return self.filter(pk__in=_ids_about_record(typed).union(by_reference))
        if _NUMBER.fullmatch(typed):
            by_person = ToolCall.objects.filter(user_name=typed).values("pk")
            return self.filter(pk__in=_ids_about_record(typed).union(by_person))
        return self.filter(user_name__startswith=typed)


class ToolCall(AppendOnlyModel):
    """The intent: who is about to do what, with which client, through which tool."""

    # Shown to people, written to the log, and sent to ServiceNow as correlation_id.
    reference_id = models.CharField(_("reference"), max_length=32, unique=True)
    opened_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    user_id = models.BigIntegerField(_("person's id"))
    user_name = models.CharField(_("person"), max_length=150, db_index=True)
    sys_id = models.CharField(_("person's sys_id"), max_length=32, blank=True)
    connection_id = models.BigIntegerField(_("connection"), null=True)
    instance_id = models.BigIntegerField(_("instance's id"), null=True)
    instance_url = models.CharField(_("instance"), max_length=255, blank=True)

    tool = models.CharField(_("tool"), max_length=40, db_index=True)
    toolset = models.CharField(_("toolset"), max_length=40, blank=True)
    access = models.CharField(_("access"), max_length=6, choices=Access, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict)
    record_sought = models.CharField(
        _("record asked for"), max_length=40, blank=True, db_index=True
    )

    client_id = models.CharField(_("client's id"), max_length=255, blank=True)
    client_name = models.CharField(_("client"), max_length=200, blank=True, db_index=True)
    client_version = models.CharField(_("client's version"), max_length=60, blank=True)
    protocol_version = models.CharField(_("protocol"), max_length=20, blank=True)
    credential = models.CharField(_("credential"), max_length=9, choices=Credential)
    credential_id = models.CharField(_("credential's id"), max_length=64, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    remote_addr = models.CharField(_("address"), max_length=45, blank=True)

    # Where the person is erased, the digest of what stood there: see `canonical`.
    blinding = models.CharField(max_length=64, default=fresh_blinding, editable=False)

    # What `with_result` adds.
    result: str
    result_code: str | None
    record_table: str | None
    record_sys_id: str | None
    record_number: str | None
    duration_ms: int | None

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("tool call")
        verbose_name_plural = _("tool calls")
        default_permissions = ["view"]
        permissions = [("view_arguments", "Can view the redacted arguments of tool calls")]
        indexes = [models.Index(fields=["user_id", "id"], name="audit_call_of_person")]

    def __str__(self) -> str:
        return f"Call {self.reference_id} · {self.tool}"

    def outcomes(self) -> "ToolCallOutcomeQuerySet":
        """Return every outcome of this call, the one that counts last."""
        return ToolCallOutcome.objects.filter(call_id=self.pk).order_by("pk")


class ToolCallOutcomeQuerySet(AppendOnlyQuerySet["ToolCallOutcome"]):
    """Questions about outcomes."""

    def last_of_each_call(self) -> Self:
        """Only outcomes that no later one of the same call has replaced."""
        later = ToolCallOutcome.objects.filter(call_id=OuterRef("call_id"), pk__gt=OuterRef("pk"))
        return self.exclude(Exists(later))


class ToolCallOutcome(AppendOnlyModel):
    """How a tool call ended. The last one of a call counts."""

    call_id = models.BigIntegerField(_("tool call"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    code = models.CharField(_("code"), max_length=40, blank=True)
    record_table = models.CharField(_("table"), max_length=80, blank=True)
    record_sys_id = models.CharField(_("sys_id"), max_length=32, blank=True, db_index=True)
    record_number = models.CharField(_("record"), max_length=40, blank=True, db_index=True)
    upstream_status = models.PositiveSmallIntegerField(_("ServiceNow's status"), null=True)
    duration_ms = models.PositiveIntegerField(_("duration in ms"), default=0)
    answer_bytes = models.PositiveIntegerField(_("size of the answer in bytes"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ToolCallOutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome of a tool call")
        verbose_name_plural = _("outcomes of tool calls")
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["call_id", "id"], name="audit_outcomes_of_call"),
            models.Index(fields=["outcome", "call_id"], name="audit_calls_that_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} · {self.call_id}"


def _of_last_outcome(field: str) -> Subquery:
    outcomes = ToolCallOutcome.objects.filter(call_id=OuterRef("pk")).order_by("-pk")
    return Subquery(outcomes.values(field)[:1])


def _ids_about_record(number_or_sys_id: str) -> "models.QuerySet[ToolCall, Any]":
    calls = ToolCall.objects.filter(_record_matches("record_sought", number_or_sys_id))
    named = _record_matches("record_number", number_or_sys_id)
    if len(number_or_sys_id) == SYS_ID_LENGTH:
        named = Q(record_sys_id=number_or_sys_id.lower())
    outcomes = ToolCallOutcome.objects.filter(named)
    return calls.values("pk").union(outcomes.values("call_id"))


def _record_matches(field: str, number_or_sys_id: str) -> Q:
    """A prefix as a range: LIKE with an escape uses no index on SQLite."""
    if len(number_or_sys_id) == SYS_ID_LENGTH:
        return Q(**{field: number_or_sys_id.lower()})
    number = number_or_sys_id.upper()
    return Q(**{f"{field}__gte": number, f"{field}__lte": number + _AFTER_EVERY_NUMBER})
