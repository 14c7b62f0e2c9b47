"""Every REST API of the instance."""

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.api import (
    aggregate,
    batch,
    current_user,
    new_keys,
    role_inheritance,
    table,
    table_metadata,
    tiny_addresses,
)
from simulator.api.answers import refused
from simulator.api.endpoints import METHODS
from simulator.areas.attachments import api as attachments
from simulator.areas.catalog.api import routes as catalog
from simulator.areas.changes.api import routes as changes
from simulator.areas.cmdb import api_identification, api_instance, api_meta
from simulator.areas.imports import api as imports
from simulator.areas.knowledge import api as knowledge
from simulator.areas.problems import api as problems
from simulator.areas.update_sets import cicd, picker
from simulator.errors import UnknownResource
from simulator.instance import Instance


class _WholePath(PathConvertor):
    """Whatever is left of an address, line breaks too: `path` stops at the first."""

    regex = "(?s:.*)"


register_url_convertor("whole_path", _WholePath())


def routes(instance: Instance) -> list[Route]:
    """The routes of all of them; what no API answers is 400."""
    return [
        *new_keys.routes(instance),
        *table.routes(instance),
        *tiny_addresses.routes(instance),
        *current_user.routes(instance),
        *role_inheritance.routes(instance),
        *table_metadata.routes(instance),
        *aggregate.routes(instance),
        *batch.routes(instance),
        *attachments.routes(instance),
        *imports.routes(instance),
        *knowledge.routes(instance),
        *api_instance.routes(instance),
        *api_meta.routes(instance),
        *api_identification.routes(instance),
        *picker.routes(instance),
        *cicd.routes(instance),
        *catalog.routes(instance),
        *changes.routes(instance),
        *problems.routes(instance),
        Route("/api/{path:whole_path}", _no_such_api, methods=METHODS),
    ]


async def _no_such_api(request: Request) -> Response:
    return refused(UnknownResource(request.url.path))
