"""Attributes of an attachment, such as the text that stands for a picture: keys with a value.

Who may read the attachment reads them; who may write it writes them.
"""

from starlette.requests import Request
from starlette.responses import Response

from simulator.access.acls import READ, WRITE
from simulator.access.people import Person
from simulator.api.answers import answer
from simulator.api.endpoints import Endpoint
from simulator.api.requests import body_of
from simulator.errors import AclRefused, BadParameter, MissingParameter, NoRecord
from simulator.instance import Instance

TABLE = "sys_attachment_attribute"

_FILES = "sys_attachment"
_ALL = 'SELECT "sys_id", "key", "value" FROM "sys_attachment_attribute" WHERE "attachment" = ?'
_LONGEST_KEY, _LONGEST_VALUE = 100, 4000


def paths(one: str) -> dict[str, dict[str, Endpoint]]:
    """What the Attachment API answers below the path of one attachment."""
    every = f"{one}/attributes"
    return {
        every: {"GET": _list, "POST": _add, "DELETE": _remove_all},
        f"{every}/{{key}}": {"GET": _get, "PUT": _change, "DELETE": _remove},
    }


async def _list(instance: Instance, request: Request, person: Person) -> Response:
    found = _attributes(instance, _attachment(instance, request, person))
    shown = [{"key": key, "value": value} for key, (_, value) in found.items()]
    return answer({"result": shown})


async def _get(instance: Instance, request: Request, person: Person) -> Response:
    _, value = _named(instance, request, _attachment(instance, request, person))
    return answer({"result": {"key": request.path_params["key"], "value": value}})


async def _add(instance: Instance, request: Request, person: Person) -> Response:
    body = await body_of(request)
    attachment = _written(instance, request, person)
    key = _given(body.get("key"), "key", longest=_LONGEST_KEY)
    value = _given(body.get("value"), "value", longest=_LONGEST_VALUE)
    if key in _attributes(instance, attachment):
        raise BadParameter("key")
    row = {"attachment": attachment, "key": key, "value": value}
    instance.insert(TABLE, row, as_user=person.sys_id)
    return answer({"result": {"key": key, "value": value}}, status=201)


async def _change(instance: Instance, request: Request, person: Person) -> Response:
    body = await body_of(request)
    attachment = _written(instance, request, person)
    sys_id, _ = _named(instance, request, attachment)
    value = _given(body.get("value"), "value", longest=_LONGEST_VALUE)
    instance.update(TABLE, sys_id, {"value": value}, as_user=person.sys_id)
    return answer({"result": {"key": request.path_params["key"], "value": value}})


async def _remove(instance: Instance, request: Request, person: Person) -> Response:
    sys_id, _ = _named(instance, request, _written(instance, request, person))
    instance.delete(TABLE, sys_id)
    return answer(None, status=204)


async def _remove_all(instance: Instance, request: Request, person: Person) -> Response:
    for sys_id, _ in _attributes(instance, _written(instance, request, person)).values():
        instance.delete(TABLE, sys_id)
    return answer(None, status=204)


def _attachment(instance: Instance, request: Request, person: Person) -> str:
    """The sys_id as it is stored. Raises NoRecord for what the person may not read."""
    row = instance.row(_FILES, request.path_params["sys_id"])
    if row is None or not instance.reader.may(person, READ, table=_FILES, sys_id=row["sys_id"]):
        raise NoRecord
    return row["sys_id"]


def _written(instance: Instance, request: Request, person: Person) -> str:
    """The same, for a write. Raises AclRefused for who may only read it."""
    sys_id = _attachment(instance, request, person)
    if not instance.reader.may(person, WRITE, table=_FILES, sys_id=sys_id):
        raise AclRefused("Update")
    return sys_id


def _attributes(instance: Instance, attachment: str) -> dict[str, tuple[str, str]]:
    """By key: the sys_id of the attribute, and its value."""
    rows = instance.store.rows(f'{_ALL} ORDER BY "key"', (attachment,))
    return {str(key): (str(sys_id), str(value)) for sys_id, key, value in rows}


def _named(instance: Instance, request: Request, attachment: str) -> tuple[str, str]:
    found = _attributes(instance, attachment).get(request.path_params["key"])
    if found is None:
        raise NoRecord
    return found


def _given(text: str | None, name: str, *, longest: int) -> str:
    if not text:
        raise MissingParameter(name)
    if len(text) > longest:
        raise BadParameter(name)
    return text
