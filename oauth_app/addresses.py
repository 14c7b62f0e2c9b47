"""Addresses of clients, as the database keeps them."""

import ipaddress


def stored_address(text: str | None) -> str | None:
    """Return `text` where it is an IP address, else None.

    Without the interface that a link-local address names: PostgreSQL's type has no place for it.
    """
    plain = (text or "").partition("%")[0]
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        return None
