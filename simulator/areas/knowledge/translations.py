"""The languages an article can be read in: translations have the article they are of as parent."""

from collections.abc import Mapping

from simulator.access.acls import READ
from simulator.access.people import Person
from simulator.instance import Instance

_FAMILY = """
SELECT "sys_id", "language" FROM "kb_knowledge"
WHERE ("sys_id" = :first OR "parent" = :first) AND "workflow_state" = 'published'
ORDER BY "language"
"""


def languages_of(instance: Instance, row: Mapping[str, str], person: Person) -> dict[str, object]:
    """`language` and `languages` of an article; nothing where the person may read one only."""
    first = row["parent"] or row["sys_id"]
    labels = instance.choices.labels("kb_knowledge", "language")
    readable = [
        {"label": labels.get(language, language), "language": language, "sys_id": sys_id}
        for sys_id, language in instance.store.rows(_FAMILY, {"first": first})
        if instance.reader.may(person, READ, table="kb_knowledge", sys_id=sys_id)
    ]
    if len(readable) < 2:
        return {}
    return {"language": row["language"], "languages": readable}
