"""People, the instances they belong to, and the tokens that prove it."""

from oauth_app.models.authorization_requests import AuthorizationRequest
from oauth_app.models.browser_sessions import BrowserSession
from oauth_app.models.client_grants import ClientGrant, GrantedToken
from oauth_app.models.connections import Connection
from oauth_app.models.consent_questions import ConsentQuestion
from oauth_app.models.heartbeats import Heartbeat
from oauth_app.models.instances import Instance
from oauth_app.models.key_canaries import KeyCanary
from oauth_app.models.manual_clients import ManualClient
from oauth_app.models.people import User
from oauth_app.models.reconnect_tokens import ReconnectToken
from oauth_app.models.refresh_answers import RefreshAnswer
from oauth_app.models.service_clients import ServiceClient

__all__ = [
    "AuthorizationRequest",
    "BrowserSession",
    "ClientGrant",
    "Connection",
    "ConsentQuestion",
    "GrantedToken",
    "Heartbeat",
    "Instance",
    "KeyCanary",
    "ManualClient",
    "ReconnectToken",
    "RefreshAnswer",
    "ServiceClient",
    "User",
]
