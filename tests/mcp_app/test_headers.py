"""What a client calls itself, and where it says it is."""

import pytest

from mcp_app.headers import client_address, user_agent


@pytest.mark.parametrize(
    ("client", "address"),
    [(("203.0.113.7", 40000), "203.0.113.7"), (("", 0), ""), ((None, 0), ""), (None, "")],
)
def test_an_address_that_the_server_does_not_say_is_empty(client: object, address: str):
    assert client_address({"client": client}) == address


def test_what_a_client_calls_itself_is_shortened_and_printable():
    agent = {"headers": [(b"user-agent", b"a\x1b[31m\n\x85" + b"b" * 300)]}
    assert user_agent(agent) == "a[31m" + "b" * 195
    assert user_agent({"headers": []}) == ""
