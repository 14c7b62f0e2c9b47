"""Who may order for whom."""

from collections.abc import Sequence

from simulator.access.people import Person
from simulator.areas.catalog import refusals
from simulator.areas.catalog.catalogue import Catalogue
from simulator.areas.catalog.questions import Question
from simulator.areas.catalog.refusals import CatalogRefused
from simulator.areas.catalog.variable_types import Kind
from simulator.instance import Instance

ROLES, WITHOUT_ROLES = "glide.sc.req_for.roles", "glide.sc.req_for.roles.default"
_MOST = 50


def may_request_for_others(instance: Instance, person: Person) -> bool:
    """By two properties: one of the roles named, or where none is, `allow` or `deny` for all."""
    roles = _named(instance.property(ROLES))
    if roles:
        return person.has_any(roles)
    return instance.property(WITHOUT_ROLES, default="deny") == "allow"


def requested_for(instance: Instance, person: Person, asked: str) -> str:
    """The sys_id of whom an order is for; without a wish the person's own.

    Raises CatalogRefused for nobody, and for others where the properties do not let the person.
    """
    if not asked or asked == person.sys_id:
        return person.sys_id
    user = instance.row("sys_user", asked)
    if user is None or user["active"] != "true":
        raise CatalogRefused(refusals.NO_SUCH_PERSON)
    if may_request_for_others(instance, person):
        return user["sys_id"]
    if instance.switches.refused_receivers_are_replaced:
        return person.sys_id
    raise CatalogRefused(refusals.NOT_FOR_OTHERS)


def also_requested_for(
    instance: Instance,
    person: Person,
    *,
    asked: Sequence[str],
    item: str,
    questions: Sequence[Question],
) -> list[str]:
    """The further people an item is ordered for, each of whom gets one. Raises CatalogRefused."""
    if not asked:
        return []
    if len(asked) > _MOST:
        raise CatalogRefused(refusals.TOO_MANY_PEOPLE)
    check_configured(person, questions)
    if without_rights(instance, item, asked):
        raise CatalogRefused(refusals.NOT_FOR_ALL)
    return list(dict.fromkeys(asked))


def check_configured(person: Person, questions: Sequence[Question]) -> None:
    """Raises CatalogRefused unless the item asks whom it is for, and lets the person say several.

    It does by a variable of type Requested For with "enable also request for".
    """
    asking = [one for one in questions if one.kind == Kind.REQUESTED_FOR]
    if not asking:
        raise CatalogRefused(refusals.NOT_CONFIGURED)
    row = asking[0].row
    roles = _named(row["roles_to_use_also_request_for"])
    if row["enable_also_request_for"] != "true" or (roles and not person.has_any(roles)):
        raise CatalogRefused(refusals.NOT_FOR_SEVERAL)


def without_rights(instance: Instance, item: str, people: Sequence[str]) -> list[str]:
    """Those of some people (sys_ids) who cannot get an item; nobody can who does not exist."""
    return [one for one in people if not may_get(instance, item, one)]


def may_get(instance: Instance, item: str, sys_id: str) -> bool:
    """Whether a person (a sys_id) has acquisition rights to an item."""
    person = instance.person(sys_id)
    return person is not None and Catalogue(instance, person).has_item(item)


def people_in(text: str) -> list[str]:
    """The sys_ids of a comma-separated list."""
    return [one.strip() for one in text.split(",") if one.strip()]


def _named(roles: str) -> frozenset[str]:
    return frozenset(people_in(roles))
