"""ACLs of knowledge: they ask for the rights that user criteria give."""

from collections.abc import Mapping, Sequence

from simulator.access.acls import CREATE, DELETE, READ, WRITE, Acl, Condition, Operation
from simulator.access.people import Person
from simulator.access.roles import ITIL
from simulator.areas.knowledge.rights import ARTICLE_NEEDS, MANAGERS, KnowledgeRights
from simulator.areas.knowledge.tables import CRITERIA_TABLES
from simulator.records.reader import Reader

_OPERATIONS = (CREATE, WRITE, DELETE)
_BASE = ("kb_knowledge_base",)
_FOR_OUTSIDERS = frozenset({"kb_knowledge", "kb_knowledge_base", "kb_category"})

Row = Mapping[str, str]


def acls_by_record(reader: Reader) -> Sequence[Acl]:
    """People read what their user criteria let them; contributors write, managers delete."""
    rights = KnowledgeRights(reader)
    return (*_of_bases(rights), *_of_articles(rights), *_of_what_hangs_on_articles(reader, rights))


def _of_bases(rights: KnowledgeRights) -> tuple[Acl, ...]:
    def base_is_readable(person: Person, row: Row) -> bool:
        return rights.may_read_base(person, row["sys_id"])

    def own_base_is_readable(person: Person, row: Row) -> bool:
        return rights.may_read_base(person, row["kb_knowledge_base"])

    def managed(person: Person, row: Row) -> bool:
        return rights.manages(person, row["kb_knowledge_base"])

    def place_is_managed(person: Person, row: Row) -> bool:
        # A new category may name its base as what it stands under, and only there.
        return rights.manages(person, row["kb_knowledge_base"] or row["parent_id"])

    def managed_itself(person: Person, row: Row) -> bool:
        return rights.manages(person, row["sys_id"])

    return (
        _if("kb_knowledge_base", READ, base_is_readable, needs=("sys_id",)),
        Acl(table="kb_knowledge_base", operation=CREATE, roles=MANAGERS),
        _if("kb_knowledge_base", WRITE, managed_itself, needs=("sys_id",)),
        Acl(table="kb_knowledge_base", operation=DELETE, roles=frozenset({"knowledge_admin"})),
        _if("kb_category", READ, own_base_is_readable, needs=_BASE),
        *(
            _if("kb_category", operation, place_is_managed, needs=(*_BASE, "parent_id"))
            for operation in _OPERATIONS
        ),
        *(
            _if(table.name, operation, managed, needs=_BASE)
            for table in CRITERIA_TABLES
            for operation in (READ, *_OPERATIONS)
        ),
    )


def _of_articles(rights: KnowledgeRights) -> tuple[Acl, ...]:
    def contributed(person: Person, row: Row) -> bool:
        return rights.may_contribute(person, row["kb_knowledge_base"])

    def written(person: Person, row: Row) -> bool:
        return row["author"] == person.sys_id or contributed(person, row)

    def managed(person: Person, row: Row) -> bool:
        return rights.manages(person, row["kb_knowledge_base"])

    return (
        _if("kb_knowledge", READ, rights.may_read_article, needs=ARTICLE_NEEDS),
        _if("kb_knowledge", CREATE, contributed, needs=_BASE),
        _if("kb_knowledge", WRITE, written, needs=("author", "kb_knowledge_base")),
        _if("kb_knowledge", DELETE, managed, needs=_BASE),
    )


def _of_what_hangs_on_articles(reader: Reader, rights: KnowledgeRights) -> tuple[Acl, ...]:
    """Nobody learns of an article they may not read from what was done with it."""

    def reads(person: Person, article: str) -> bool:
        return reader.may(person, READ, table="kb_knowledge", sys_id=article)

    def manages(person: Person, article: str) -> bool:
        row = reader.row("kb_knowledge", article)
        return row is not None and rights.manages(person, row["kb_knowledge_base"])

    def own_use(person: Person, row: Row) -> bool:
        own = row["user"] == person.sys_id or manages(person, row["article"])
        return own and reads(person, row["article"])

    def article_is_readable(person: Person, row: Row) -> bool:
        return reads(person, row["article"])

    def both_are_readable(person: Person, row: Row) -> bool:
        task_is_readable = reader.may(person, READ, table="task", sys_id=row["task"])
        return task_is_readable and reads(person, row["kb_knowledge"])

    def version_is_readable(person: Person, row: Row) -> bool:
        return reads(person, row["knowledge"])

    used = ("user", "article")
    return (
        *(_if("kb_use", operation, own_use, needs=used) for operation in (READ, CREATE, WRITE)),
        *(
            _if("kb_feedback", operation, article_is_readable, needs=("article",))
            for operation in (READ, CREATE)
        ),
        *(_if("kb_feedback", operation, own_use, needs=used) for operation in (WRITE, DELETE)),
        _if("m2m_kb_task", READ, both_are_readable, needs=("task", "kb_knowledge")),
        *(
            Acl(
                table="m2m_kb_task",
                operation=operation,
                roles=ITIL,
                condition=both_are_readable,
                needs=("task", "kb_knowledge"),
            )
            for operation in (CREATE, DELETE)
        ),
        _if("kb_version", READ, version_is_readable, needs=("knowledge",)),
    )


def _if(table: str, operation: Operation, condition: Condition, *, needs: tuple[str, ...]) -> Acl:
    return Acl(
        table=table,
        operation=operation,
        condition=condition,
        needs=needs,
        for_outsiders=operation is READ and table in _FOR_OUTSIDERS,
    )
