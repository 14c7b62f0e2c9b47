"""Identification and reconciliation: `/api/now/identifyreconcile[/query|/enhanced|…]`."""

import re
from collections import Counter
from uuid import uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint, api_routes
from simulator.api.json_bodies import json_object
from simulator.areas.cmdb.acls import ASSET
from simulator.areas.cmdb.asked import Wish, wish_of
from simulator.areas.cmdb.identifying import Identification, known_sources
from simulator.areas.cmdb.reconciling import Placed, Reconciler, shown
from simulator.areas.cmdb.refusals import InvalidOption
from simulator.areas.cmdb.relating import Related, relate
from simulator.errors import ApiRefused
from simulator.instance import Instance

_ROLES = ASSET | frozenset({"itil"})
_OPTION = re.compile(r"\s*[a-z_]+\s*:\s*(?:true|false)\s*", re.IGNORECASE)
_COUNTED = {"INSERT": "inserted", "NO_CHANGE": "unchanged"}


def routes(instance: Instance) -> list[Route]:
    """The routes of this API."""
    root = "/api/now{version}/identifyreconcile"
    return api_routes(
        instance,
        {
            root: {"POST": _endpoint(commits=True)},
            f"{root}/query": {"POST": _endpoint(commits=False)},
            f"{root}/enhanced": {"POST": _endpoint(commits=True, enhanced=True)},
            f"{root}/queryEnhanced": {"POST": _endpoint(commits=False, enhanced=True)},
        },
    )


def _endpoint(*, commits: bool, enhanced: bool = False) -> Endpoint:
    async def endpoint(instance: Instance, request: Request, person: Person) -> Response:
        if not person.has_any(_ROLES):
            raise ApiRefused
        options = _options(request) if enhanced else {}
        wish = wish_of(await json_object(request))
        source = request.query_params.get("sysparm_data_source", "")
        placed, related = _reconciled(instance, wish, source, person=person, commits=commits)
        items = [shown(one) for one in placed]
        result: dict[str, object] = {
            "items": items,
            "additionalCommittedItems": [],
            "relations": [one.shown() for one in related],
            "additionalCommittedRelations": [],
            "logContextId": uuid4().hex,
        }
        if enhanced:
            result |= _enhanced(items, sums_up=options.get("generate_summary", False))
        return answer({"result": result})

    return endpoint


def _reconciled(
    instance: Instance, wish: Wish, source: str, *, person: Person, commits: bool
) -> tuple[list[Placed], list[Related]]:
    """What became of the items and relations of a body.

    Without a source that is known nothing is written; what came without any source is kept among
    the incomplete payloads.
    """
    if source not in known_sources(instance):
        placed = [Placed(index=index, item=item) for index, item in enumerate(wish.items)]
        for one in placed:
            one.fail("INVALID_INPUT_DATA", f"Data source [{source}] is not a valid source")
        if not source and commits:
            _keep_incomplete(instance, wish, person)
    else:
        reconciler = Reconciler(instance=instance, person=person, source=source, commits=commits)
        placed = reconciler.place(wish)
        for one in placed:
            if one.sys_id and not reconciler.may_read(one.sys_id):
                one.found = Identification()
                one.fail("ABANDONED", "The item may not be read")
        if commits:
            _refer(instance, wish, placed, person)
    return placed, relate(instance, wish.relations, placed, person=person, commits=commits)


def _refer(instance: Instance, wish: Wish, placed: list[Placed], person: Person) -> None:
    """Let items refer to others of the same body."""
    known = {one.item.internal_id: one for one in placed if one.item.internal_id}
    for reference in wish.references:
        by, to = (known.get(reference.get(name, "")) for name in ("referencedBy", "referenced"))
        if by and to and by.sys_id and to.sys_id:
            values = {reference.get("referenceField", ""): to.sys_id}
            instance.writer.change(by.item.class_name, by.sys_id, values, person=person)


def _keep_incomplete(instance: Instance, wish: Wish, person: Person) -> None:
    items = [{"className": one.class_name, "values": dict(one.values)} for one in wish.items]
    values = {
        "payload": orjson.dumps({"items": items}).decode(),
        "reason": "The request names no data source",
    }
    instance.insert("cmdb_ire_incomplete_payloads", values, as_user=person.sys_id)


def _options(request: Request) -> dict[str, bool]:
    """The options by name. A real instance answers 500 to what is none; here it is 400."""
    given = request.query_params.get("options", "")
    for chunk in filter(None, given.split(",")):
        if not _OPTION.fullmatch(chunk):
            raise InvalidOption(chunk)
    pairs = (chunk.partition(":") for chunk in given.split(",") if chunk)
    return {name.strip().lower(): value.strip().lower() == "true" for name, _, value in pairs}


def _enhanced(items: list[dict[str, object]], *, sums_up: bool) -> dict[str, object]:
    """What the enhanced calls tell beside: warnings counted, and all summed up by class."""
    for one in items:
        one.setdefault("errors", [])
        one["warningCount"] = 0
    told: dict[str, object] = {
        "hasError": any(one["errorCount"] for one in items),
        "hasWarning": False,
    }
    return told | ({"summary": _summary(items)} if sums_up else {})


def _summary(items: list[dict[str, object]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for one in items:
        of_class = counts.setdefault(str(one["className"]), Counter())
        kind = "errors" if one["errorCount"] else _COUNTED.get(str(one["operation"]), "updated")
        of_class[kind] += 1
    names = (
        *("inserted", "updated", "unchanged", "skipped", "errors", "warnings", "partial"),
        *("incomplete", "additionalInserted", "mergedPartialPayloads"),
    )
    return {name: {each: found[each] for each in names} for name, found in counts.items()}
