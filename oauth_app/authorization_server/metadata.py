"""What clients discover: the authorization server (RFC 8414) and the MCP endpoint (RFC 9728)."""

import json

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from oauth2_provider.views import OAuthProtectedResourceMetadataView, OAuthServerMetadataView

from oauth_app.address_limits import METADATA, limited
from oauth_app.authorization_server.cross_origin import open_to_browsers
from oauth_app.authorization_server.resources import MCP_PATH, resource_at


class _ResourceMetadata(OAuthProtectedResourceMetadataView):  # type: ignore[misc]  # the library has no types
    """The metadata of the resource at one of our paths."""

    path = MCP_PATH

    def get_resource(self, request: HttpRequest) -> str:  # noqa: ARG002  # the library's signature
        """Return the address itself: clients compare it with the one they were given."""
        return resource_at(self.path)


class _ServerMetadata(OAuthServerMetadataView):  # type: ignore[misc]  # the library has no types
    """What the library says, and what would be believed where it says nothing."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        """Answer with all members, for every client."""
        said = json.loads(super().get(request, *args, **kwargs).content)
        # Left out, it means query and fragment (RFC 8414 2); codes never leave in a fragment.
        return JsonResponse({**said, "response_modes_supported": ["query"]})


_server = _ServerMetadata.as_view()


@open_to_browsers("GET")
@limited(METADATA)
@cache_control(public=True, max_age=300)
def authorization_server_metadata(request: HttpRequest) -> HttpResponseBase:
    """Answer `/.well-known/oauth-authorization-server`."""
    response: HttpResponseBase = _server(request)
    return response


@open_to_browsers("GET")
@limited(METADATA)
@cache_control(public=True, max_age=300)
def protected_resource_metadata(request: HttpRequest, *, path: str = MCP_PATH) -> HttpResponseBase:
    """Answer `/.well-known/oauth-protected-resource`, followed by one of our paths or by nothing.

    Without a path it names the MCP endpoint, as with `/mcp`.
    """
    response: HttpResponseBase = _ResourceMetadata.as_view(path=path)(request)
    return response
