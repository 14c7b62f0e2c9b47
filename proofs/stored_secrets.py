"""Run inside the apps: prints the secrets that the database holds encrypted, in clear, as JSON."""

import json

from oauth_app.models import AuthorizationRequest, BrowserSession, Connection


def main() -> None:
    """Print `people` (their ServiceNow tokens), `verifiers`, and what stands in `sessions`."""
    people = {
        each.user_name: {"access": each.access_token, "refresh": each.refresh_token}
        for each in Connection.objects.select_related("user")
    }
    verifiers = [each.code_verifier for each in AuthorizationRequest.objects.all()]
    sessions = [each.get_decoded() for each in BrowserSession.objects.all()]
    print(
        json.dumps({"people": people, "verifiers": verifiers, "sessions": sessions})
    )  # for proofs
