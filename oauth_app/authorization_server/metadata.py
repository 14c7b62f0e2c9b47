"""What clients discover: the authorization server (RFC 8414) and the MCP endpoint (RFC 9728)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from oauth2_provider.views import OAuthProtectedResourceMetadataView, OAuthServerMetadataView

from oauth_app.authorization_server.cross_origin import open_to_browsers

_server = OAuthServerMetadataView.as_view()
_resource = OAuthProtectedResourceMetadataView.as_view()


@open_to_browsers("GET")
@cache_control(public=True, max_age=300)
def authorization_server_metadata(request: HttpRequest) -> HttpResponseBase:
    """Answer `/.well-known/oauth-authorization-server`."""
    response: HttpResponseBase = _server(request)
    return response


@open_to_browsers("GET")
@cache_control(public=True, max_age=300)
def protected_resource_metadata(request: HttpRequest) -> HttpResponseBase:
    """Answer `/.well-known/oauth-protected-resource`, with and without the path of `/mcp`.

    Both name the MCP endpoint itself: clients compare `resource` with the address they were given.
    """
    response: HttpResponseBase = _resource(request)
    return response
