"""Run inside the apps: `main N` signs N people in with the simulated ServiceNow, with real tokens.

Prints [user name, sys_id, reconnect token that may write] of each as JSON. Passwords stand in for
the browser: what is stored afterwards is the same.
"""

import json
from datetime import timedelta
from typing import Any, Final

import httpx
from django.conf import settings
from django.utils import timezone

from oauth_app import reconnect_tokens
from oauth_app.connection_tokens import store_sign_in
from oauth_app.instances import default_instance
from oauth_app.models import Instance
from oauth_app.models.reconnect_tokens import TokenAccess
from servicenow.oauth import TokenSet
from servicenow.who_am_i import Identity

_PASSWORD: Final = "demo"  # everybody's there
_ADMIN: Final = "admin"


def main(number: str) -> None:
    """Sign them in and print them."""
    instance = default_instance()
    if instance is None:
        raise SystemExit("no instance")
    with httpx.Client(base_url=instance.base_url, timeout=30) as web:
        people = _people(web, int(number))
        print(json.dumps([_signed_in(web, instance, person) for person in people]))


def _people(web: httpx.Client, number: int) -> list[dict[str, Any]]:
    answer = web.get(
        "/api/now/table/sys_user",
        params={
            "sysparm_query": "active=true^locked_out=false^web_service_access_only=false"
            "^ORDERBYuser_name",
            "sysparm_fields": "sys_id,user_name,name,email",
            "sysparm_limit": number,
        },
        auth=(_ADMIN, _PASSWORD),
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["result"]
    if len(found) < number:
        raise SystemExit(f"the instance has only {len(found)} people")
    return found


def _signed_in(web: httpx.Client, instance: Instance, person: dict[str, Any]) -> list[str]:
    name = person["user_name"]
    web.post(f"/simulator/people/{name}/roles", json={"role": "itil"}).raise_for_status()
    answer = web.post(
        "/oauth_token.do",
        data={
            "grant_type": "password",
            "client_id": settings.SERVICENOW_CLIENT_ID,
            "client_secret": settings.SERVICENOW_CLIENT_SECRET,
            "username": name,
            "password": _PASSWORD,
        },
    )
    given = answer.raise_for_status().json()
    connection = store_sign_in(
        instance,
        tokens=TokenSet(
            given["access_token"], given["refresh_token"], given["expires_in"], given["scope"]
        ),
        identity=Identity(person["sys_id"], name, person["name"], person["email"]),
        ends=timezone.now() + timedelta(seconds=given["expires_in"]),
    )
    _, token = reconnect_tokens.make(
        user=connection.user, connection=connection, name="Proof", access=TokenAccess.WRITE
    )
    return [name, person["sys_id"], token]
