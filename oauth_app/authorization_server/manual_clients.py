"""Registering clients by hand, giving them another secret, and removing them."""

from oauth2_provider.models import Application

from oauth_app.authorization_server.client_secrets import new_client_secret
from oauth_app.authorization_server.grants import revoke_grants
from oauth_app.models import ClientGrant
from oauth_app.models.manual_clients import ManualClient


def register(client: ManualClient) -> None:
    """Store a new client; a confidential one gets a secret, readable in `secret_to_show`."""
    client.registration_source = Application.RegistrationSource.MANUAL
    client.authorization_grant_type = Application.GRANT_AUTHORIZATION_CODE
    client.client_secret = client.secret_to_show = (
        new_client_secret() if client.is_confidential else ""
    )
    client.save()


def replace_secret(client: ManualClient) -> None:
    """Give a client another secret, readable in `secret_to_show`; the present one ends at once.

    What people allowed it stays, and so do its tokens.
    """
    client.client_secret = client.secret_to_show = new_client_secret()
    client.save(update_fields=["client_secret", "updated"])


def remove(client: ManualClient) -> None:
    """Remove a client with all that people allowed it; its tokens are worthless at once."""
    revoke_grants(ClientGrant.objects.live().filter(application_id=client.pk))
    client.delete()
