"""Articles that a person may read, selected and ranked for the lists of the knowledge API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.access.people import Person
from simulator.api.selection import check_uses
from simulator.areas.knowledge.article_tables import SECTIONS
from simulator.areas.knowledge.search import Searched, plain, relevance, snippet, words_of
from simulator.instance import Instance
from simulator.queries.parsing import Condition, Ordering, Query, parse
from simulator.records.plans import Wanted
from simulator.records.rendering import Display

TABLE = "kb_knowledge"
PUBLISHED = "workflow_state=published^valid_to>=javascript:gs.beginningOfToday()^active=true"

_ALL_ROWS = 1_000_000
_READ = ("sys_id", "number", "short_description", "meta", "text", "wiki", "sys_view_count")

Shown = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list is asked for; `fields` are those shown of each article beside the usual."""

    person: Person
    host: str
    query: str = ""
    filter: str = ""
    bases: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """One article of a list. `score` is -1 where nothing was searched for."""

    record: Mapping[str, object]
    searched: Searched
    score: float
    snippet: str

    def value(self, field: str) -> str:
        """A field as it is stored; empty where the person may not read it."""
        return value_of(self.record, field)


def value_of(record: Mapping[str, object], field: str) -> str:
    """A stored value of a record that was read with both values."""
    shown = record.get(field)
    return str(shown["value"]) if isinstance(shown, dict) else ""


def articles(instance: Instance, asked: Asked, *, condition: str = PUBLISHED) -> list[Found]:
    """All that match and the person may read, the best first. Raises QueryRefused.

    Every word has to be there; only if no article has them all, any will do.
    """
    records = _records(instance, asked, condition)
    words = words_of(asked.query)
    texts = [(record, _searched(record)) for record in records]
    if not words:
        return [
            Found(record=record, searched=text, score=-1, snippet=snippet(text, ()))
            for record, text in texts
        ]
    scored = [(relevance(text, words), record, text) for record, text in texts]
    most = max((hits for (hits, _), _, _ in scored), default=0)
    enough = len(words) if most == len(words) else 1
    kept = [(score, record, text) for (hits, score), record, text in scored if hits >= enough]
    kept.sort(key=lambda one: -one[0])
    return [
        Found(record=record, searched=text, score=score, snippet=snippet(text, words))
        for score, record, text in kept
    ]


def _records(instance: Instance, asked: Asked, condition: str) -> list[Mapping[str, object]]:
    given = parse(asked.filter)
    select = instance.compiler.compile(
        TABLE, _narrowed(given, asked, condition), person=asked.person
    )
    used = instance.compiler.compile(TABLE, given, person=asked.person).uses
    check_uses(instance, used, person=asked.person)
    wanted = Wanted(table=TABLE, fields=(*_READ, *asked.fields), display=Display.BOTH, links=False)
    return list(
        instance.reader.page(wanted, select, person=asked.person, host=asked.host, limit=_ALL_ROWS)
    )


def _narrowed(given: Query, asked: Asked, condition: str) -> Query:
    """The filter that was given and, in each of its alternatives, what holds for all lists."""
    base = parse(condition)
    always: tuple[tuple[Condition, ...], ...] = ()
    if asked.bases:
        always += ((Condition("kb_knowledge_base", "IN", ",".join(asked.bases)),),)
    if asked.languages:
        always += ((Condition("language", "IN", ",".join(asked.languages)),),)
    (conditions,) = base.filters or ((),)
    return Query(
        tuple((*one, *conditions, *always) for one in given.filters or ((),)),
        given.orderings or base.orderings or (Ordering("number"),),
    )


def _searched(record: Mapping[str, object]) -> Searched:
    text = value_of(record, "text") or value_of(record, "wiki")
    return Searched(
        number=value_of(record, "number"),
        title=value_of(record, "short_description").strip(),
        meta=value_of(record, "meta"),
        text=plain(text),
    )


def content(row: Mapping[str, str]) -> str:
    """The HTML of an article: of a template the sections that are filled, one after the other."""
    sections: Sequence[str] = SECTIONS.get(row.get("sys_class_name", ""), ())
    if sections:
        return "\n".join(row[name] for name in sections if row.get(name))
    return row.get("wiki", "") if row.get("article_type") == "wiki" else row.get("text", "")
