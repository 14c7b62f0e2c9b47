"""Clients that an administrator registers at the simulator."""

import requests
from place import ADMIN, SIMULATOR, unique

SHARED = "a shared key of some length, 0123456789"


def record(table: str, **values: str) -> str:
    """Insert a record; its sys_id."""
    address = f"{SIMULATOR}/api/now/table/{table}"
    answer = requests.post(
        address, json=values, auth=ADMIN, headers={"Accept": "application/json"}, timeout=30
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]["sys_id"]


def service_account() -> tuple[str, str]:
    """A client that acts as Beth without a person signing in; its id and secret."""
    switched = requests.patch(
        f"{SIMULATOR}/simulator/switches", json={"client_credentials": True}, timeout=30
    )
    assert switched.status_code == 200, switched.text
    client = {"client_id": unique("service"), "client_secret": "hush", "acts_as": "beth.anglin"}
    made = requests.post(f"{SIMULATOR}/simulator/clients", json=client, timeout=30)
    assert made.status_code == 201, made.text
    return client["client_id"], client["client_secret"]


def asserting_client() -> tuple[str, str]:
    """A client whose assertions are signed with the shared key; its id and secret."""
    client_id = unique("asserts").replace(" ", "-")
    registered = record(
        "oauth_jwt",
        name=client_id,
        client_id=client_id,
        client_secret="hush",
        inbound_grant_type="jwt",
    )
    record(
        "jwt_verifier_map",
        name=client_id,
        oauth_jwt=registered,
        kid="the-kid",
        shared_key=SHARED,
    )
    return client_id, "hush"
