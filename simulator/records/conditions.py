"""Encoded conditions of rules, policies and ACLs, asked of a record that need not be stored."""

# Identifiers come from the dictionary, values are parameters.
# ruff: noqa: S608

from collections.abc import Mapping

from simulator.access.people import Person
from simulator.data.dictionary import Dictionary
from simulator.data.store import Store
from simulator.queries.compiler import ALIAS, QueryCompiler
from simulator.queries.matching import matches
from simulator.queries.parsing import Condition, Query, Term, TextSearch, parse
from simulator.records.values import cell
from simulator.schema import Field, Storage


class Conditions:
    """Answers conditions about records of one instance."""

    def __init__(self, store: Store, dictionary: Dictionary, compiler: QueryCompiler) -> None:
        self._store = store
        self._dictionary = dictionary
        self._compiler = compiler

    def hold(
        self,
        table: str,
        encoded: str,
        values: Mapping[str, str],
        *,
        person: Person | None,
        previous: Mapping[str, str] | None = None,
    ) -> bool:
        """Whether a record of `table` with these values meets an encoded condition.

        `previous` is what it was before the write. A condition on what does not exist is dropped,
        as in a query.
        """

        def asked(term: Term) -> bool:
            return self._asked(table, term, values, person)

        return matches(values, encoded, previous=previous, otherwise=asked)

    def fields_of(self, table: str, encoded: str) -> frozenset[str]:
        """The fields of the record itself that a condition reads; all of them for a search."""
        fields = self._dictionary.fields_of(table)
        stored = {name for name, one in fields.items() if one.is_stored}
        read = {"sys_id"}
        for filters in parse(encoded).filters:
            for term in (term for group in filters for term in group):
                if not isinstance(term, Condition):
                    return frozenset(stored)
                # The value may name another field: SAMEAS and its like compare two.
                read |= {term.field.partition(".")[0], term.value.partition("@")[0]}
        return frozenset(read & stored)

    def _asked(
        self, table: str, term: Term, values: Mapping[str, str], person: Person | None
    ) -> bool:
        """Ask the database, over a source of one row: the record as it will be."""
        found = self._compiler.where(table, Query((((term,),),)), person=person)
        if not found.sql:
            return True
        fields = self._dictionary.stored_fields(table)
        if not isinstance(term, TextSearch):
            fields = [one for one in fields if f'"{one.name}"' in found.sql]
        row = ", ".join(f'{_typed(one)} AS "{one.name}"' for one in fields) or "1"
        held = [cell(one, values.get(one.name, "")) for one in fields]
        sql = f"SELECT 1 FROM (SELECT {row}) {ALIAS} WHERE {found.sql}"
        return self._store.scalar(sql, (*held, *found.parameters)) is not None


def _typed(field: Field) -> str:
    """A parameter that compares as the column does."""
    return "CAST(? AS NUMERIC)" if field.storage is Storage.NUMBER else "? COLLATE NOCASE"
