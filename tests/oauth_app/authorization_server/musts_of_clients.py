"""What registration, metadata and metadata documents of clients must never do."""

from tests.oauth_app.authorization_server.musts import Must

CLIENT_MUSTS: dict[str, Must] = {}
