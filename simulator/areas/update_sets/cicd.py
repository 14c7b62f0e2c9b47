"""The API of pipelines for update sets: `/api/sn_cicd/update_set/…` and its progress."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint, api_routes
from simulator.api.json_bodies import json_object_if_any
from simulator.api.requests import flag, host_of
from simulator.areas.update_sets.acls import AUTOMATION
from simulator.areas.update_sets.committing import back_out, commit, hindrance
from simulator.areas.update_sets.progress import Outcome, advanced, begin, shown
from simulator.areas.update_sets.retrieving import preview, retrieve
from simulator.errors import ApiRefused, Refusal
from simulator.instance import Instance, Row

PLUGIN = "com.glide.continuousdelivery"

_RETRIEVED = "sys_remote_update_set"


class NotStarted(Refusal):
    """What a pipeline asked for could not be started. Only the status codes are documented."""

    def __init__(self, reason: str, *, status: int) -> None:
        super().__init__(reason, None)
        self.status = status


def routes(instance: Instance) -> list[Route]:
    """The routes of this API; it comes with a plugin."""
    root = "/api/sn_cicd{version}"
    starting = {
        f"{root}/update_set/create": _create,
        f"{root}/update_set/retrieve": _retrieve,
        f"{root}/update_set/preview/{{id}}": _preview,
        f"{root}/update_set/commit/{{id}}": _commit,
        f"{root}/update_set/commitMultiple": _commit_multiple,
        f"{root}/update_set/back_out": _back_out,
    }
    paths = {path: {"POST": _for_pipelines(endpoint)} for path, endpoint in starting.items()}
    paths[f"{root}/progress/{{id}}"] = {"GET": _for_pipelines(_progress)}
    return api_routes(instance, paths, plugin=PLUGIN)


def _for_pipelines(endpoint: Endpoint) -> Endpoint:
    """The endpoint, for people with the role of pipelines."""

    async def checked(instance: Instance, request: Request, person: Person) -> Response:
        if not person.has_any(AUTOMATION):
            raise ApiRefused
        return await endpoint(instance, request, person)

    return checked


async def _create(instance: Instance, request: Request, person: Person) -> Response:
    parameters = request.query_params
    name = parameters.get("update_set_name", "").strip()
    application = _application(instance, request)
    if not name:
        raise NotStarted("The update set name is null or empty", status=400)
    if application is None:
        raise NotStarted("Both sys_id and scope are null, empty or unknown", status=400)
    sys_id = instance.insert(
        "sys_update_set",
        {
            "name": name,
            "description": parameters.get("description", ""),
            "application": application,
        },
        as_user=person.sys_id,
    )
    made = {
        "status": "2",
        "status_label": "",
        "status_message": f"Successfully created update set: {name}",
        "status_detail": "",
        "error": "",
        "update_set_id": sys_id,
    }
    return answer({"result": made}, status=201)


def _application(instance: Instance, request: Request) -> str | None:
    """The application meant, by its sys_id or the name of its scope."""
    sys_id = request.query_params.get("sys_id", "")
    scope = request.query_params.get("scope", "")
    for row in instance.query("sys_scope"):
        if row["sys_id"] == sys_id or (not sys_id and scope and row["scope"] == scope):
            return row["sys_id"]
    return None


async def _retrieve(instance: Instance, request: Request, person: Person) -> Response:
    parameters = request.query_params
    update_set = parameters.get("update_set_id", "")
    if not update_set:
        raise NotStarted("update_set_id is required", status=400)
    source = _source(instance, request)
    if source is None:
        raise NotStarted("The update source was not found", status=404)
    outcome = retrieve(
        instance,
        update_set,
        source=source,
        clean_up=flag(parameters, "cleanup_retrieved"),
        preview_it=flag(parameters, "auto_preview"),
    )
    return _started(instance, request, person, "Retrieve update set", outcome)


def _source(instance: Instance, request: Request) -> str | None:
    by_id = request.query_params.get("update_source_id", "")
    by_instance = request.query_params.get("update_source_instance_id", "")
    for row in instance.query("sys_update_set_source", "active=true"):
        if row["sys_id"] == by_id or (by_instance and row["instance_id"] == by_instance):
            return row["sys_id"]
    return None


async def _preview(instance: Instance, request: Request, person: Person) -> Response:
    row = _retrieved(instance, str(request.path_params["id"]))
    if row is None:
        raise NotStarted("The update set was not found", status=404)
    outcome = preview(instance, row)
    return _started(instance, request, person, "Preview update set", outcome)


async def _commit(instance: Instance, request: Request, person: Person) -> Response:
    force = await _is_forced(request)
    row = _retrieved(instance, str(request.path_params["id"]))
    if row is None:
        raise NotStarted("The update set was not found", status=404)
    if row["state"] == "committed":
        raise NotStarted(f"Update set {row['name']} is already committed", status=409)
    reason = hindrance(instance, row, force=force)
    if reason:
        raise NotStarted(reason, status=400)
    outcome = commit(instance, row, by=person.sys_id)
    return _started(instance, request, person, "Commit update set", outcome)


async def _commit_multiple(instance: Instance, request: Request, person: Person) -> Response:
    """Commit several in the order given; one that fails ends it, those before stay."""
    force = await _is_forced(request)
    given = request.query_params.get("remote_update_set_ids", "").split(",")
    ids = [one.strip() for one in given if one.strip()]
    rows = [row for one in ids if (row := _retrieved(instance, one))]
    if not ids:
        raise NotStarted("remote_update_set_ids is required", status=400)
    if len(rows) < len(ids):
        raise NotStarted("An update set was not found", status=404)
    waiting = [row for row in rows if row["state"] != "committed"]
    if len(waiting) < len(rows) and not force:
        raise NotStarted("An update set is already committed", status=409)
    for row in waiting:
        reason = hindrance(instance, row, force=force)
        if reason:
            raise NotStarted(reason, status=400)
    outcome = Outcome(message="Nothing to commit")
    for row in waiting:
        outcome = commit(instance, row, by=person.sys_id)
        if outcome.error:
            break
    return _started(instance, request, person, "Commit multiple update sets", outcome)


async def _back_out(instance: Instance, request: Request, person: Person) -> Response:
    update_set = request.query_params.get("update_set_id", "")
    if not update_set:
        raise NotStarted("update_set_id is required", status=400)
    row = instance.row("sys_update_set", update_set)
    if row is None:
        raise NotStarted("The update set was not found", status=404)
    if row["state"] != "complete":
        raise NotStarted(f"Update set {row['name']} is not complete", status=400)
    return _started(instance, request, person, "Back out update set", back_out(instance, row))


async def _progress(instance: Instance, request: Request, person: Person) -> Response:  # noqa: ARG001  # an endpoint
    row = advanced(instance, str(request.path_params["id"]))
    if row is None:
        raise NotStarted("The progress was not found", status=404)
    return answer({"result": shown(row, host=host_of(request))})


def _retrieved(instance: Instance, sys_id: str) -> Row | None:
    return instance.row(_RETRIEVED, sys_id)


async def _is_forced(request: Request) -> bool:
    """Whether the body says `force_commit`; it may be missing."""
    body = await json_object_if_any(request)
    return str(body.get("force_commit", "")).lower() == "true"


def _started(
    instance: Instance, request: Request, person: Person, name: str, outcome: Outcome
) -> Response:
    row = begin(instance, name, outcome, by=person.sys_id)
    return answer({"result": shown(row, host=host_of(request))})
