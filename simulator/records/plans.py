"""What to select for an answer, and how to turn a selected row into a record for one person.

A plan holds for everybody with the same roles, and is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.access.acls import Access, Operation, Verdict
from simulator.access.people import Person
from simulator.data.dictionary import Dictionary, Path
from simulator.queries.columns import display_sql, value_sql
from simulator.queries.compiler import ALIAS
from simulator.records.journals import INPUTS, LISTS
from simulator.records.rendering import Display, Page, Place, Renderer, Rendering, Row, Shown
from simulator.schema import Storage

Record = dict[str, Shown]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of each record, and how: `fields` None is every field of the table."""

    table: str
    fields: tuple[str, ...] | None = None
    display: Display = Display.VALUES
    links: bool = True


@dataclass(frozen=True)
class Check:
    """A verdict that depends on the record, and where a selected row has what it reads."""

    verdict: Verdict
    needs: Mapping[str, int]

    def holds(self, person: Person, row: Row) -> bool:
        """The answer for a selected row."""
        return self.verdict.holds(person, {name: row[at] for name, at in self.needs.items()})


@dataclass(frozen=True)
class _Shape:
    name: str
    renderer: Renderer
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Plan:
    """`columns` to select, `row` the check of the row ACLs, `elements` the journals read."""

    columns: str
    row: Check
    shapes: tuple[_Shape, ...]
    sys_id: int
    elements: tuple[str, ...]

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
        verdict = self._access.row(person, table, Operation.READ)
        # Before `columns` is written out: what the row's check reads is selected as well.
        row = self._check(verdict, Path((), table, self._path(table, "sys_id").field), columns)
        return Plan(
            columns=str(columns),
            row=row,
            shapes=tuple(shapes),
            sys_id=sys_id,
            elements=self._elements(wanted, [path for path in paths.values() if path], person),
        )

    def _path(self, table: str, name: str) -> Path:
        return Path((), table, self._dictionary.fields_of(table)[name])

    def _shape(
        self,
        wanted: Wanted,
        name: str,
        path: Path,
        *,
        checks: tuple[Check, ...],
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
        field = self._dictionary.fields_of(path.table)["sys_class_name"]
        return columns.value(Path(path.steps, path.table, field))

    def _checks(self, person: Person, path: Path, *, columns: _Columns) -> tuple[Check, ...] | None:
        """What must hold for the person to see a field; None: nothing ever makes them see it.

        Of a dot-walk that is the field ACLs of every step, and the row ACLs of every record on
        the way: what is hidden does not show through what refers to it.
        """
        steps = [*path.steps, (path.table, path.field)]
        asked = [
            (verdict, Path(tuple(steps[:at]), *steps[at]))
            for at, verdict in enumerate(self._access.along(person, path))
        ]
        asked += [
            (self._access.row(person, table, Operation.READ), Path(tuple(steps[:at]), table, field))
            for at, (table, field) in enumerate(steps)
            if at  # the record itself was let through before
        ]
        if any(verdict.never for verdict, _ in asked):
            return None
        return tuple(
            self._check(verdict, where, columns) for verdict, where in asked if verdict.depends
        )

    def _check(self, verdict: Verdict, path: Path, columns: _Columns) -> Check:
        return Check(
            verdict, {name: columns.value(self._below(path, name)) for name in verdict.needs}
        )

    def _below(self, path: Path, dotted: str) -> Path:
        """What a check reads, a field or a dot-walk, from the record at the end of a path."""
        found = self._dictionary.resolve(path.table, dotted)
        if found is None:
            raise KeyError(dotted)
        return Path((*path.steps, *found.steps), found.table, found.field)

    def _elements(self, wanted: Wanted, paths: list[Path], person: Person) -> tuple[str, ...]:
        """The journal inputs to read, of those the person may read."""
        journal = {
            p.field.name for p in paths if p.field.storage is Storage.JOURNAL and not p.steps
        }
        if wanted.display is Display.VALUES or not journal:
            return ()
        asked = {one for name in journal for one in LISTS.get(name, (name,))}
        return tuple(
            name
            for name in INPUTS
            if name in asked
            and not self._access.field(person, wanted.table, Operation.READ, field=name).never
        )


def stored_text(dictionary: Dictionary, path: Path) -> str:
    """An SQL expression for a stored value as text; empty where there is none."""
    sql = value_sql(dictionary, ALIAS, path)
    if path.field.storage is Storage.NUMBER:
        return f"coalesce(CAST({sql} AS TEXT), '')"
    return f"coalesce({sql}, '')" if path.steps else sql
