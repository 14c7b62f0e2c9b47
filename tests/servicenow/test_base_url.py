"""An instance's address is https, or this machine."""

import pytest

from servicenow.base_url import InvalidBaseUrl, is_loopback, validated_base_url


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.service-now.com", "https://example.service-now.com"),
        ("https://Example.Service-Now.COM/", "https://example.service-now.com"),
        ("  https://example.com  ", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://localhost:8090", "http://localhost:8090"),
        ("http://127.0.0.1:8090/", "http://127.0.0.1:8090"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://[::1]:8090", "http://[::1]:8090"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_addresses_are_accepted_in_one_form(text: str, address: str) -> None:
    assert validated_base_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.service-now.com",
        "http://example.service-now.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://[::ffff:10.0.0.1]",
        "ftp://localhost",
        "https://",
        "https://user@example.com",
        "https://user:secret@example.com",
        "https://@example.com",
        "https://example.com/api",
        "https://example.com?",
        "https://example.com?a=b",
        "https://example.com#",
        "https://example.com#x",
        "https://exa mple.com",
        "https://example.com\\@evil.example",
        "https://example.com\n.evil.example",
        "https://exam%70le.com",
        "https://bücher.example",
        "https://example.com:99999",
        "https://example.com:x",
        "https://[::1",
        "https://-.-",
        "javascript:alert(1)",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidBaseUrl):
        validated_base_url(text)


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("localhost")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("localhost.evil.example")
