"""The only way in which a tool reaches ServiceNow: the tables of one person, guarded.

Field names of every query are checked against the dictionary before it is sent, because
ServiceNow drops a condition on a field it does not know and returns everything. Every write
passes the guard of `identity.py`, is made on behalf of the caller, and is read back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from servicenow.client import ServiceNowClient
from servicenow.dictionary import Choice, FieldInfo
from servicenow.exceptions import (
    NotAsDocumented,
    NotAuthorized,
    OutcomeUnknown,
    QueryRefused,
    RecordNotFound,
    ServiceNowFailure,
)
from servicenow.query import Query
from servicenow.records import Page, Record
from servicenow.responses import JSON, Sought
from servicenow.tables import Listing
from tools_app import settling
from tools_app.applied import not_applied
from tools_app.exceptions import ToolNotAllowed
from tools_app.identity import Caller, GuardedWrite, filled_in, guard

_PROOF_OF_UPDATE = ("sys_mod_count", "sys_updated_by")


@dataclass(frozen=True)
class Written:
    """A record after a write, what the guard dropped, and what did not take."""

    record: Record
    ignored: tuple[str, ...]
    not_applied: tuple[str, ...]


class GuardedTables:
    """The tables of the instance as the caller sees them.

    Raises whatever `servicenow.exceptions` describes, and `InvalidArguments` or `NothingToWrite`
    for writes that must not be sent.
    """

    def __init__(
        self, *, caller: Caller, client: ServiceNowClient, correlation_id: str, may_write: bool
    ) -> None:
        self._caller = caller
        self._may_write = may_write
        self._client = client
        self._tables = client.tables
        self._dictionary = client.dictionary
        self._correlation_id = correlation_id

    async def get(self, table: str, *, sys_id: str, fields: Sequence[str]) -> Record:
        """One record by sys_id, proved to be that one. Raises `RecordNotFound`."""
        record = await self._tables.get(table, sys_id=sys_id, fields=fields)
        if record.sys_id != sys_id:
            raise RecordNotFound(table, sys_id)
        return record

    async def list(
        self, table: str, *, query: Query, fields: Sequence[str], limit: int, offset: int = 0
    ) -> Page:
        """One page of what fits `query`. Raises `UnknownField` before anything is sent.

        Records that openly contradict the query are left out: an instance that drops a condition
        returns what is somebody else's. So ask for the fields that say whose a record is.
        """
        checked = query.checked_by(self._dictionary)
        page = await self._tables.list(
            table, query=checked, fields=fields, limit=limit, offset=offset
        )
        return _proved(page, query)

    async def list_together(self, listings: Sequence[Listing]) -> Sequence[Page | None]:
        """Several lists in one request, each as `list` gives it; None for one to ask for alone."""
        checked = [replace(one, query=one.query.checked_by(self._dictionary)) for one in listings]
        pages = await self._tables.list_together(checked)
        return [
            page and _proved(page, one.query) for page, one in zip(pages, listings, strict=True)
        ]

    async def list_if_allowed(
        self, table: str, *, query: Query, fields: Sequence[str], limit: int, offset: int = 0
    ) -> Page | None:
        """Like `list`, but None where this person may not read the table at all."""
        try:
            return await self.list(table, query=query, fields=fields, limit=limit, offset=offset)
        except NotAuthorized:
            return None

    async def create(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        fields: Sequence[str],
        path: str | None = None,
    ) -> Written:
        """Insert a record on behalf of the caller and read it back.

        `path` is where another API of the instance makes such records; without it the Table API
        does.

        It carries the correlation id of this call where the table has such a field; a lost reply
        is settled by looking for it, once. Raises `OutcomeUnknown` if that finds nothing.
        """
        guarded = self._guarded(values)
        await self._dictionary.check(table, guarded.values)
        sent = filled_in(table, guarded, caller=self._caller)
        if "correlation_id" in await self._dictionary.fields_of(table):
            sent["correlation_id"] = self._correlation_id
        wanted = _all_of(fields, sent)
        with self._names_forgotten_on_failure():
            try:
                record = await self._inserted(table, sent, fields=wanted, path=path)
            except OutcomeUnknown as lost:
                record = await settling.settle_create(
                    self._tables, table, correlation_id=sent.get("correlation_id"), lost=lost
                )
        record = await self._read_back(record, fields=wanted)
        # Our own mark is no concern of the model's, whatever became of it.
        sent.pop("correlation_id", None)
        return self._written(record, guarded, sent=sent)

    async def update(
        self, record: Record, values: Mapping[str, str], *, fields: Sequence[str]
    ) -> Written:
        """Change fields of `record` and read it back.

        A lost reply is settled only where the record proves that this person's update is the
        last one and took; `record` needs its `sys_mod_count` for that. Else `OutcomeUnknown`.
        """
        guarded = self._guarded(values)
        await self._dictionary.check(record.table, guarded.values)
        wanted = _all_of(fields, guarded.values, _PROOF_OF_UPDATE)
        with self._names_forgotten_on_failure():
            try:
                written = await self._tables.update(
                    record.table, sys_id=record.sys_id, values=guarded.values, fields=wanted
                )
            except OutcomeUnknown as lost:
                written = await settling.settle_update(
                    self._tables, record, sent=guarded.values, by=self._caller.user_name, lost=lost
                )
        if written.sys_id != record.sys_id:
            # What was answered about another record says nothing about this one.
            written = Record(record.table, record.sys_id, {})
        written = await self._read_back(written, fields=wanted)
        return self._written(written, guarded, sent=guarded.values)

    async def fields_of(self, table: str) -> Mapping[str, FieldInfo]:
        """The fields of a table, inherited ones too, as the dictionary describes them."""
        return await self._dictionary.fields_of(table)

    async def has_field(self, table: str, name: str) -> bool:
        """Whether the table has this field, also one that the person's dictionary does not show."""
        try:
            await self._dictionary.check(table, [name])
        except QueryRefused:
            return False
        return True

    async def choices(self, table: str, field: str) -> Sequence[Choice]:
        """The choices of a field as this instance labels them; empty where it has none."""
        return await self._dictionary.choices(table, field)

    async def all_choices(self, table: str) -> Mapping[str, Sequence[Choice]]:
        """The choices of every field of a table that has some, by field."""
        return await self._dictionary.all_choices(table)

    async def _inserted(
        self, table: str, sent: Mapping[str, str], *, fields: Sequence[str], path: str | None
    ) -> Record:
        if path is None:
            return await self._tables.create(table, sent, fields=fields)
        mark = sent.get("correlation_id")
        sought = Sought(table, "a new record")
        answer = await self._client.send(
            "POST", path, query={}, body=sent, sought=sought, correlation_id=mark
        )
        sys_id = _sys_id_in(answer.json)
        if not sys_id:
            lost = NotAsDocumented("a new record without a sys_id", status=answer.status)
            raise OutcomeUnknown(lost, correlation_id=mark)
        return Record(table, sys_id, {})

    def _guarded(self, values: Mapping[str, str]) -> GuardedWrite:
        if not self._may_write:
            raise ToolNotAllowed(
                "This call may only read.",
                next_step="Use a tool that reads, or ask the person for access to change records.",
            )
        return guard(values)

    def _written(
        self, record: Record, guarded: GuardedWrite, *, sent: Mapping[str, str]
    ) -> Written:
        missing = not_applied(sent, record)
        if missing:
            self._client.names.forget_all()
        return Written(record, guarded.dropped, missing)

    @contextmanager
    def _names_forgotten_on_failure(self) -> Iterator[None]:
        """A write that fails may have pointed to a record that is gone: look for it anew then."""
        try:
            yield
        except ServiceNowFailure:
            self._client.names.forget_all()
            raise

    async def _read_back(self, written: Record, *, fields: Sequence[str]) -> Record:
        """The record as it stands now; as the write returned it where it cannot be read.

        The write has happened: a failure to read must not look like a failure to write.
        """
        reading = self.get(written.table, sys_id=written.sys_id, fields=fields)
        return await settling.unless_it_fails(reading) or written


def _proved(page: Page, query: Query) -> Page:
    proved = tuple(record for record in page.records if not query.contradicted_by(record))
    return replace(page, records=proved)


def _all_of(*names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for group in names for name in group))


def _sys_id_in(answer: JSON) -> str:
    """The sys_id of the record that an API made: a text, or an object with a `value`."""
    made = answer.get("result") if isinstance(answer, dict) else None
    sys_id = made.get("sys_id") if isinstance(made, dict) else None
    text = sys_id.get("value") if isinstance(sys_id, dict) else sys_id
    return text if isinstance(text, str) else ""
