"""What to select for an answer, and how to turn a selected row into a record for one person.

A plan holds for everybody with the same roles, and is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.access.acls import Access, Operation, Verdict
from simulator.access.people import Person
from simulator.data.dictionary import Dictionary, Path
from simulator.queries.columns import display_sql, value_sql
from simulator.queries.compiler import ALIAS
from simulator.records.checks import AnyCheck, Check, by_class
from simulator.records.journals import INPUTS, LISTS
from simulator.records.rendering import Display, Page, Place, Renderer, Rendering, Row, Shown
from simulator.schema import Storage

Record = dict[str, Shown]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of each record, and how: `fields` None is every field of the table.

    `version` is that of the API which the links of references lead to: ``, `/v1` or `/v2`.
    """

    table: str
    fields: tuple[str, ...] | None = None
    display: Display = Display.VALUES
    links: bool = True
    version: str = ""


@dataclass(frozen=True)
class _Shape:
    name: str
    renderer: Renderer
    checks: tuple[AnyCheck, ...]


@dataclass(frozen=True)
class Plan:
    """`columns` to select, `row` the check of the row ACLs, `elements` the journals to read.

    Of each of them there is the check that says of which rows its entries are read.
    """

    columns: str
    row: AnyCheck
    shapes: tuple[_Shape, ...]
    sys_id: int
    elements: tuple[tuple[str, AnyCheck], ...]

    def record(self, row: Row, page: Page) -> Record:
        """One record of the answer; fields the person may not read are left out."""
        return {
            shape.name: shape.renderer(row, page)
            for shape in self.shapes
            if not shape.checks or all(check.holds(page.person, row) for check in shape.checks)
        }


class _Columns:
    """A select list; an expression asked for twice is selected once."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._places: dict[str, int] = {}

    def value(self, path: Path) -> int:
        return self._place(stored_text(self._dictionary, path))

    def display(self, path: Path) -> int:
        return self._place(f"coalesce({display_sql(self._dictionary, ALIAS, path)}, '')")

    def _place(self, sql: str) -> int:
        return self._places.setdefault(sql, len(self._places))

    def __str__(self) -> str:
        return ", ".join(self._places)


class Planner:
    """Makes the plans of one instance."""

    def __init__(self, dictionary: Dictionary, access: Access, rendering: Rendering) -> None:
        self._dictionary = dictionary
        self._access = access
        self._rendering = rendering

    def plan(self, wanted: Wanted, person: Person) -> Plan:
        """The plan for an answer to a person. KeyError for an unknown table."""
        columns = _Columns(self._dictionary)
        table = wanted.table
        sys_id = columns.value(self._path(table, "sys_id"))
        names = wanted.fields
        if names is None:
            names = tuple(sorted(self._dictionary.fields_of(table)))
        paths = {name: self._dictionary.resolve(table, name) for name in names}
        shapes = [
            self._shape(wanted, name, path, checks=checks, columns=columns, sys_id=sys_id)
            for name, path in paths.items()
            if path and (checks := self._checks(person, path, columns=columns)) is not None
        ]
        # Before `columns` is written out: what the row's check reads is selected as well.
        row = self._asked(self._of_rows(person), self._path(table, "sys_id"), columns)
        shown = [path for path in paths.values() if path]
        elements = self._elements(wanted, shown, person, columns=columns)
        return Plan(
            columns=str(columns), row=row, shapes=tuple(shapes), sys_id=sys_id, elements=elements
        )

    def _path(self, table: str, name: str) -> Path:
        return Path((), table, self._dictionary.fields_of(table)[name])

    def _shape(
        self,
        wanted: Wanted,
        name: str,
        path: Path,
        *,
        checks: tuple[AnyCheck, ...],
        columns: _Columns,
        sys_id: int,
    ) -> _Shape:
        value = columns.value(path)
        shows_names = path.field.is_reference and wanted.display is not Display.VALUES
        display = columns.display(path) if shows_names else value
        renderer = self._rendering.renderer(
            path.table,
            path.field,
            place=Place(
                value=value,
                display=display,
                sys_id=sys_id,
                class_name=self._class_place(path, columns),
            ),
            display=wanted.display,
            links=wanted.links,
        )
        return _Shape(name, renderer, checks)

    def _class_place(self, path: Path, columns: _Columns) -> int | None:
        """Where the class of the record is, if labels depend on it."""
        if not path.field.choices or not self._dictionary.has_classes(path.table):
            return None
        return columns.value(self._below(path, "sys_class_name"))

    def _checks(
        self, person: Person, path: Path, *, columns: _Columns
    ) -> tuple[AnyCheck, ...] | None:
        """What must hold for the person to see a field; None: nothing ever makes them see it.

        Of a dot-walk that is the field ACLs of every step, and the row ACLs of every record on
        the way: what is hidden does not show through what refers to it.
        """
        steps = [*path.steps, (path.table, path.field)]
        places = [Path(tuple(steps[:at]), *step) for at, step in enumerate(steps)]
        asked = [
            self._asked(self._of_field(person, where.field.name), where, columns)
            for where in places
        ]
        # The record itself was let through before.
        asked += [self._asked(self._of_rows(person), where, columns) for where in places[1:]]
        if any(check.never for check in asked):
            return None
        return tuple(check for check in asked if not check.always)

    def _of_rows(self, person: Person) -> Callable[[str], Verdict]:
        return lambda table: self._access.row(person, table, Operation.READ)

    def _of_field(self, person: Person, name: str) -> Callable[[str], Verdict]:
        return lambda table: self._access.field(person, table, Operation.READ, field=name)

    def _asked(self, ask: Callable[[str], Verdict], path: Path, columns: _Columns) -> AnyCheck:
        """What ACLs say of the record at the end of a path, whichever class it is of."""

        def check(table: str, verdict: Verdict) -> Check:
            there = Path(path.steps, table, path.field)
            places = {name: columns.value(self._below(there, name)) for name in verdict.needs}
            return Check(verdict, places)

        own = check(path.table, ask(path.table))
        if not self._dictionary.has_classes(path.table):
            return own
        ruled = self._access.ruled_by(path.table, Operation.READ)
        verdicts = {one: ask(one) for one in set(ruled.values())}
        return by_class(
            own,
            {name: verdicts[one] for name, one in ruled.items()},
            check=check,
            place=lambda: columns.value(self._below(path, "sys_class_name")),
        )

    def _below(self, path: Path, dotted: str) -> Path:
        """What a check reads, a field or a dot-walk, from the record at the end of a path."""
        found = self._dictionary.resolve(path.table, dotted)
        if found is None:
            raise KeyError(dotted)
        return Path((*path.steps, *found.steps), found.table, found.field)

    def _elements(
        self, wanted: Wanted, paths: list[Path], person: Person, *, columns: _Columns
    ) -> tuple[tuple[str, AnyCheck], ...]:
        """The journal inputs to read, of those the person may read."""
        journal = {
            p.field.name for p in paths if p.field.storage is Storage.JOURNAL and not p.steps
        }
        if wanted.display is Display.VALUES or not journal:
            return ()
        asked = {one for name in journal for one in LISTS.get(name, (name,))}
        where = self._path(wanted.table, "sys_id")
        checks = (
            (name, self._asked(self._of_field(person, name), where, columns))
            for name in INPUTS
            if name in asked
        )
        return tuple((name, check) for name, check in checks if not check.never)


def stored_text(dictionary: Dictionary, path: Path) -> str:
    """An SQL expression for a stored value as text; empty where there is none."""
    sql = value_sql(dictionary, ALIAS, path)
    if path.field.storage is Storage.NUMBER:
        return f"coalesce(CAST({sql} AS TEXT), '')"
    return f"coalesce({sql}, '')" if path.steps else sql
