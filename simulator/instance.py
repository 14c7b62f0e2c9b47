"""One ServiceNow instance: its tables, its rules, its people's rights, its clock.

The seed, the OAuth half and tests work through :class:`Instance`; the Table API uses it too.
What is inserted here passes no ACL; what arrives over HTTP always does.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from simulator.access.acls import Access, Operation
from simulator.access.people import TABLES_THAT_MAKE_A_PERSON, People, Person
from simulator.access.written_acls import WATCHED as ACL_TABLES
from simulator.access.written_acls import WrittenAcls
from simulator.areas.every import (
    AREAS,
    CHOICES,
    FINGERPRINT,
    PLUGINS,
    TABLES,
    built_in_acls,
    built_in_rules,
)
from simulator.areas.platform.database_views import install_views
from simulator.data.added_tables import WATCHED as TABLE_TABLES
from simulator.data.added_tables import AddedTables
from simulator.data.choices import Choices
from simulator.data.dictionary import Dictionary
from simulator.data.dictionary_rows import install_dictionary
from simulator.data.mark import Mark
from simulator.data.platform_rows import install_platform
from simulator.data.store import Store
from simulator.data.text_index import TextIndexes
from simulator.jobs import Jobs
from simulator.overruling import Overruling
from simulator.queries.compiler import QueryCompiler, SelectText
from simulator.queries.parsing import parse
from simulator.queries.texts import is_searched
from simulator.records.auditing import Auditor
from simulator.records.column_checks import ColumnChecks
from simulator.records.conditions import Conditions
from simulator.records.drafts import Drafts
from simulator.records.mirrored import install_mirrors
from simulator.records.query_rules import QueryRules
from simulator.records.reader import Reader
from simulator.records.rulebook import Rulebook
from simulator.records.values import DisplayValues
from simulator.records.views import WATCHED as VIEW_TABLES
from simulator.records.views import Views
from simulator.records.writer import Writer
from simulator.records.written_rules import WATCHED as RULE_TABLES
from simulator.records.written_rules import WrittenRules
from simulator.switches import Switches
from simulator.tiny_addresses import TinyAddresses

Row = dict[str, str]

# Properties that decide over a switch of the same meaning, once they are set.


class Instance:
    """A whole instance over one SQLite database (`state_path`; in memory when None).

    `clock` gives the present as an aware datetime. `snapshot` is what :meth:`snapshot` of
    another instance returned: a new one that starts with its data, in a few milliseconds.
    `is_from_before` says that another version of the simulator wrote what was there.
    """

    def __init__(
        self,
        state_path: str | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        switches: Switches | None = None,
        snapshot: bytes | None = None,
    ) -> None:
        self.clock = clock
        self.switches = switches or Switches()
        self.store = Store(state_path, snapshot=snapshot)
        self.dictionary = Dictionary(TABLES)
        self.is_from_before = self.store.fingerprint not in (0, FINGERPRINT)
        if self.store.fingerprint != FINGERPRINT:
            self.store.create_tables(self.dictionary, fingerprint=FINGERPRINT)
            self._install()
        self.added_tables = AddedTables(self.store, self.dictionary)
        self.added_tables.follow()
        self._tables_changed = False
        self.tiny_addresses = TinyAddresses()
        self.choices = Choices(self.store, self.dictionary)
        self.views = Views(self.store, self.dictionary)
        self.display_values = DisplayValues(self.store, self.dictionary, self.choices)
        self.people = People(self.store, now=self.now)
        self.texts = TextIndexes(self.store)
        self._mark = Mark(self.store)
        self._query_rules = QueryRules(self.store, self.dictionary)
        self.compiler = self._query_compiler()
        self.conditions = Conditions(self.store, self.dictionary, self.compiler)
        self.access = self._access()
        self.rules = self._rulebook()
        self.reader = Reader(
            self.store, self.dictionary, self.access, choices=self.choices, compiler=self.compiler
        )
        self._add_acls_by_record()
        self.writer = self._record_writer()
        self.jobs = Jobs([job for area in AREAS for job in area.jobs], now=clock())
        self._overruling = Overruling(self.switches, self.property)
        self._followers = self._watched_tables()
        self._overruling.follow()

    def _query_compiler(self) -> QueryCompiler:
        return QueryCompiler(
            self.dictionary,
            switches=self.switches,
            clock=self.clock,
            texts=self.texts,
            may_search=self._may_search,
            narrowing=self._query_rules.queries,
        )

    def _access(self) -> Access:
        return Access(
            self.dictionary,
            acls=built_in_acls(self.switches),
            written=WrittenAcls(self.store, self.dictionary, self.conditions),
        )

    def _add_acls_by_record(self) -> None:
        for area in AREAS:
            for acl in area.acls_by_record(self.reader):
                self.access.add(acl)

    def _record_writer(self) -> Writer:
        return Writer(
            store=self.store,
            dictionary=self.dictionary,
            access=self.access,
            rules=self.rules,
            checks=ColumnChecks(self.store, self.dictionary, self.switches),
            drafts=Drafts(self.dictionary, self.now, self),
            auditor=Auditor(self.store, self.dictionary),
            reader=self.reader,
            wrote=self._wrote,
            settle=self._settle,
            undone=self._undone,
        )

    def _watched_tables(self) -> tuple[tuple[frozenset[str], Callable[[], None]], ...]:
        """What has to be read anew when something is written to which tables."""
        return (
            (TABLES_THAT_MAKE_A_PERSON, self.people.forget),
            (TABLE_TABLES, self._change_tables),
            (RULE_TABLES, self.rules.forget),
            (RULE_TABLES, self._query_rules.forget),
            (ACL_TABLES, self.access.forget),
            (VIEW_TABLES, self.views.forget),
            (frozenset({"sys_choice"}), self._forget_choices),
            (frozenset({"sys_properties"}), self._overruling.follow),
        )

    def _install(self) -> None:
        """Write the rows that come with the instance, as far as they are missing."""
        moment = self.now()
        install_dictionary(self.store, self.dictionary, choices=CHOICES, moment=moment)
        install_platform(self.store, self.dictionary, moment=moment)
        install_views(self.store, moment=moment)
        install_mirrors(
            self.store,
            rules=built_in_rules(self.switches),
            acls=built_in_acls(self.switches),
            moment=moment,
        )

    def _rulebook(self) -> Rulebook:
        rules = built_in_rules(self.switches)
        return Rulebook(
            self.dictionary,
            rules=rules,
            policies=[policy for area in AREAS for policy in area.policies],
            written=WrittenRules(self.store, self.dictionary, self.conditions, built_in=rules),
            switches=self.switches,
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody yet: the demo data has to be planted."""
        return self.store.scalar('SELECT count(*) FROM "sys_user"') == 0

    def now(self) -> str:
        """The present as ServiceNow writes it: `YYYY-MM-DD HH:MM:SS` in UTC."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def run_due_jobs(self) -> None:
        """Run the scheduled jobs whose time has come; costs nothing while there are none."""
        now = self.clock()
        for job in self.jobs.due(now):
            with self.store.transaction():
                job.action(self, now)

    def insert(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        as_user: str | None = None,
        run_rules: bool = False,
    ) -> str:
        """Insert one row without ACLs and return its sys_id.

        `values` may name any field, `sys_id` and the audit fields too; dictionary defaults fill
        the rest. `as_user` (a sys_id) is who `sys_created_by` and the rules see. Without
        `run_rules` no business rule runs and `number` is only taken from `values`; journal
        fields become `sys_journal_field` rows either way. Raises KeyError for an unknown table.
        """
        person = self.people.find(as_user) if as_user else None
        return self.writer.insert_raw(table, values, person=person, with_rules=run_rules)

    def insert_many(self, table: str, rows: Iterable[Mapping[str, str]]) -> list[str]:
        """Insert rows as :meth:`insert` does without rules, in one transaction; their sys_ids."""
        return self.writer.insert_many(table, rows)

    def update(
        self,
        table: str,
        sys_id: str,
        values: Mapping[str, str],
        *,
        as_user: str | None = None,
        run_rules: bool = False,
    ) -> None:
        """Change one row without ACLs. Raises LookupError when there is no such row."""
        person = self.people.find(as_user) if as_user else None
        self.writer.update_raw(table, sys_id, values, person=person, with_rules=run_rules)

    def note(self, table: str, sys_id: str, values: Mapping[str, str]) -> None:
        """Set fields of a row as the instance's own engines do.

        No rule runs, nothing is audited, and it counts as no update of the row.
        """
        self.writer.note(table, sys_id, values)

    def delete(self, table: str, sys_id: str) -> None:
        """Delete one row without ACLs; nothing happens when there is none."""
        self.writer.delete_raw(table, sys_id)

    def row(self, table: str, sys_id: str) -> Row | None:
        """One row, every stored field as text, or None."""
        return self.reader.row(table, sys_id)

    def find_user(self, user_name: str) -> Row | None:
        """The `sys_user` row with this user name, in any case, or None."""
        found = self.store.scalar(
            'SELECT "sys_id" FROM "sys_user" WHERE "user_name" = ? COLLATE NOCASE', (user_name,)
        )
        return None if found is None else self.row("sys_user", str(found))

    def query(
        self,
        table: str,
        encoded: str = "",
        *,
        limit: int | None = None,
        offset: int = 0,
        as_user: str | None = None,
    ) -> list[Row]:
        """Rows that match an encoded query, without ACLs; `javascript:` sees `as_user`."""
        select = self._select(table, encoded, as_user=as_user)
        return self.reader.rows(table, select, limit=limit, offset=offset)

    def count(self, table: str, encoded: str = "", *, as_user: str | None = None) -> int:
        """How many rows match an encoded query."""
        return self.reader.count(self._select(table, encoded, as_user=as_user))

    def knows(self, table: str) -> bool:
        """Whether there is such a table, and the plugin it comes with is installed."""
        return self.dictionary.knows(table) and self.has_plugin(PLUGINS.get(table, ""))

    def has_plugin(self, name: str) -> bool:
        """Whether a plugin is installed; what comes with none always is."""
        return name not in self.switches.absent_plugins

    def person(self, sys_id: str) -> Person | None:
        """The person with their roles (inherited ones too) and groups, or None if there is none."""
        return self.people.find(sys_id)

    def property(self, name: str, *, default: str = "") -> str:
        """A system property (`sys_properties`)."""
        found = self.store.scalar('SELECT "value" FROM "sys_properties" WHERE "name" = ?', (name,))
        return default if found is None else str(found)

    def snapshot(self) -> bytes:
        """The whole database, to start other instances from."""
        return self.store.snapshot()

    def index_texts(self, table: str) -> None:
        """Give a physical table and its journal entries a search index: it is large.

        Queries find the same with it and without.
        """
        fields = self.dictionary.physical_fields(table)
        columns = [field.name for field in fields if field.is_stored and is_searched(field)]
        self.texts.create(table, columns=columns)
        self.texts.create("sys_journal_field", columns=["value"])

    def restore(self, snapshot: bytes) -> None:
        """Put a snapshot of another instance in the place of all data."""
        self.store.restore(snapshot)
        self._follow_another_database()

    def mark(self) -> None:
        """Note from now on what changes, so that :meth:`rewind` can come back to the present.

        For instances too large to be copied.
        """
        self._mark.place()

    def is_marked(self) -> bool:
        """Whether there is something to rewind to."""
        return self._mark.is_there

    def rewind(self) -> None:
        """Put all data back to where they were at the mark."""
        self._mark.rewind()
        self._follow_another_database()

    def _follow_another_database(self) -> None:
        self.texts.follow()
        self.added_tables.follow_another_database()
        self._forget_tables()
        for table in ("sys_user", "sys_choice", "sys_properties"):
            self._wrote(table)

    def close(self) -> None:
        """Close the database. The instance is of no use afterwards."""
        self.store.close()

    def _select(self, table: str, encoded: str, *, as_user: str | None) -> SelectText:
        person = self.people.find(as_user) if as_user else None
        return self.compiler.compile(table, parse(encoded), person=person)

    def _may_search(self, person: Person, table: str, field: str) -> bool:
        """Whether a person may read a field on some record of every class of a table."""
        classes = set(self.access.ruled_by(table, Operation.READ).values())
        verdicts = (self.access.field(person, one, Operation.READ, field=field) for one in classes)
        return not any(verdict.never_for(person) for verdict in verdicts)

    def _wrote(self, table: str) -> None:
        for tables, follow in self._followers:
            if table in tables:
                follow()
                self.store.on_rollback(self._undone)

    def _change_tables(self) -> None:
        self._tables_changed = True

    def _forget_choices(self) -> None:
        self.choices.forget()
        self.reader.forget()

    def _settle(self) -> None:
        """Follow what a write did to the dictionary, before its transaction ends."""
        if self._tables_changed:
            self.added_tables.follow()
            self._tables_changed = False
            self._forget_tables()
            self.store.on_rollback(self._follow_tables_anew)

    def _follow_tables_anew(self) -> None:
        self.added_tables.follow_anew()
        self._forget_tables()

    def _undone(self) -> None:
        """A write was taken back: nothing kept while it was under way may be believed."""
        self.people.forget()
        if self._tables_changed:
            self.added_tables.follow_anew()
            self._tables_changed = False
        self._forget_tables()

    def _forget_tables(self) -> None:
        self.views.forget()
        self.choices.forget()
        self.reader.forget()
        self.access.forget()
        self.rules.forget()
        self._query_rules.forget()
