"""The Service Catalog API: `/api/sn_sc[/v1|/v2]/servicecatalog/…`.

It comes with a plugin of its own: where that is absent the tables may still be there.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.access.people import Person
from simulator.api.endpoints import Endpoint, api_routes
from simulator.areas.catalog.api import browsing, carting, delegating, guiding, ordering
from simulator.areas.catalog.area import PLUGIN as CATALOG_PLUGIN
from simulator.errors import UnknownResource
from simulator.instance import Instance

PLUGIN = "com.glideapp.servicecatalog.rest.api"

_ROOT = "/api/sn_sc{version}/servicecatalog"

# Fixed parts stand before those with a parameter in the same place.
_PATHS: Mapping[str, Mapping[str, Endpoint]] = {
    "/catalogs": {"GET": browsing.catalogs},
    "/catalogs/{sys_id}": {"GET": browsing.catalog},
    "/catalogs/{sys_id}/categories": {"GET": browsing.categories},
    "/categories/{sys_id}": {"GET": browsing.category},
    "/items": {"GET": browsing.items},
    "/items/{sys_id}": {"GET": browsing.item},
    "/items/{sys_id}/variables": {"GET": browsing.variables},
    "/items/{sys_id}/add_to_cart": {"POST": ordering.add_to_cart},
    "/items/{sys_id}/add_to_wishlist": {"POST": carting.wish},
    "/items/{sys_id}/order_now": {"POST": ordering.order_now},
    "/items/{sys_id}/submit_producer": {"POST": ordering.submit_producer},
    "/items/{sys_id}/submit_guide": {"PUT": guiding.submit_guide},
    "/items/{sys_id}/checkout_guide": {"POST": guiding.checkout_guide},
    "/items/{sys_id}/delegation/{user_sys_id}": {"GET": delegating.delegation},
    "/items/{sys_id}/get_invalid_delegated_users": {"POST": delegating.invalid_delegated_users},
    "/cart": {"GET": carting.cart},
    "/cart/checkout": {"POST": carting.checkout},
    "/cart/submit_order": {"POST": carting.submit_order},
    "/cart/delivery_address/{user_id}": {"GET": carting.address},
    "/cart/{cart_item_id}": {"PUT": carting.change_item, "DELETE": carting.remove_item},
    "/cart/{cart_item_id}/empty": {"DELETE": carting.empty},
    "/wishlist": {"GET": carting.wish_list},
    "/wishlist/{cart_item_id}": {"GET": carting.wished, "DELETE": carting.forget_wish},
    "/variables/{sys_id}": {"GET": browsing.variable},
    "/variables/{sys_id}/display_value": {"POST": browsing.variable_display},
}


def routes(instance: Instance) -> list[Route]:
    """The routes of this API, for all its versions."""
    paths = {
        _ROOT + path: {method: _with_catalog(endpoint) for method, endpoint in endpoints.items()}
        for path, endpoints in _PATHS.items()
    }
    return api_routes(instance, paths, plugin=PLUGIN)


def _with_catalog(endpoint: Endpoint) -> Endpoint:
    """The endpoint, where the catalogue itself is installed."""

    async def checked(instance: Instance, request: Request, person: Person) -> Response:
        if not instance.has_plugin(CATALOG_PLUGIN):
            raise UnknownResource(request.url.path)
        return await endpoint(instance, request, person)

    return checked
