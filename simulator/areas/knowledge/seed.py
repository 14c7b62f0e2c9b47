"""Three knowledge bases of the demo, one of them for the IT department only, and their articles."""

from collections.abc import Iterator
from datetime import timedelta

from simulator.areas.knowledge.demo_articles import BASES, DemoArticle, DemoBase
from simulator.data.sys_ids import stable_sys_id
from simulator.instance import Instance
from simulator.moments import as_moment
from simulator.seed import ids

Values = dict[str, str]

_ROLES = ("knowledge_manager", "knowledge_admin")
_FIRST_NUMBER = 1
_DAYS_VALID = 365


def plant(instance: Instance) -> None:
    """Insert them. Numbers go from KB0000001; those of new articles begin at KB0010001."""
    instance.insert_many("sys_user_role", _missing_roles(instance))
    instance.insert_many("user_criteria", [_it_department()])
    instance.insert_many("kb_knowledge_base", [_base(base) for base in BASES])
    instance.insert_many("kb_category", [one for base in BASES for one in _categories(base)])
    instance.insert_many("kb_uc_can_read_mtom", list(_restrictions()))
    numbered = [
        (f"KB{number:07d}", base, article)
        for number, (base, article) in enumerate(
            ((base, article) for base in BASES for article in base.articles), _FIRST_NUMBER
        )
    ]
    instance.insert_many("kb_version", [_version(number, one) for number, _, one in numbered])
    instance.insert_many("kb_knowledge", [_article(instance, *one) for one in numbered])


def article_id(number: str) -> str:
    """The sys_id of a demo article."""
    return stable_sys_id("kb_knowledge", number)


def _missing_roles(instance: Instance) -> list[Values]:
    return [
        {"sys_id": stable_sys_id("sys_user_role", name), "name": name}
        for name in _ROLES
        if not instance.count("sys_user_role", f"name={name}")
    ]


def _it_department() -> Values:
    return {
        "sys_id": stable_sys_id("user_criteria", "IT department"),
        "name": "IT department",
        "department": ids.department_id("IT"),
        "active": "true",
    }


def _base(base: DemoBase) -> Values:
    return {
        "sys_id": base.sys_id,
        "sys_class_name": "kb_knowledge_base",
        "title": base.title,
        "description": base.description,
        "owner": ids.person_id(base.owner),
        "active": "true",
    }


def _categories(base: DemoBase) -> Iterator[Values]:
    for label in dict.fromkeys(article.category for article in base.articles):
        yield {
            "sys_id": _category_id(base, label),
            "label": label,
            "value": label.lower().replace(" ", "_"),
            "full_category": label,
            "parent_id": base.sys_id,
            "parent_table": "kb_knowledge_base",
            "kb_knowledge_base": base.sys_id,
            "active": "true",
        }


def _category_id(base: DemoBase, label: str) -> str:
    return stable_sys_id("kb_category", base.title, label)


def _restrictions() -> Iterator[Values]:
    for base in BASES:
        if base.only_it:
            yield {
                "sys_id": stable_sys_id("kb_uc_can_read_mtom", base.title),
                "kb_knowledge_base": base.sys_id,
                "user_criteria": stable_sys_id("user_criteria", "IT department"),
            }


def _version_name(article: DemoArticle) -> str:
    return "0.01" if article.state in ("draft", "review") else "1.0"


def _version(number: str, article: DemoArticle) -> Values:
    return {
        "sys_id": stable_sys_id("kb_version", number),
        "version": _version_name(article),
        "knowledge": article_id(number),
        "number": number,
    }


def _article(instance: Instance, number: str, base: DemoBase, article: DemoArticle) -> Values:
    now = instance.clock()
    is_out = article.state not in ("draft", "review")
    valid_to = now + timedelta(days=-10 if article.expired else _DAYS_VALID - article.age % 300)
    at = as_moment(now - timedelta(days=article.age))
    return {
        "sys_id": article_id(number),
        "sys_class_name": "kb_knowledge",
        "number": number,
        "display_number": f"{number} v{_version_name(article)}",
        "article_id": article_id(number),
        "version": stable_sys_id("kb_version", number),
        "short_description": article.title,
        "text": article.html,
        "meta": article.keywords,
        "kb_knowledge_base": base.sys_id,
        "kb_category": _category_id(base, article.category),
        "topic": "General",
        "author": ids.person_id(article.author),
        "workflow_state": article.state,
        "published": at[:10] if is_out else "",
        "valid_to": f"{valid_to:%Y-%m-%d}" if is_out else "",
        "retired": f"{now - timedelta(days=20):%Y-%m-%d}" if article.state == "retired" else "",
        "sys_view_count": str(article.views) if is_out else "0",
        "display_attachments": "true",
        "sys_created_on": at,
        "sys_updated_on": at,
        "sys_created_by": article.author,
        "sys_updated_by": article.author,
    }
