"""Addresses on the open internet, as against those that lead inside a network.

Python's `is_global` lets multicast through, and IPv6 forms that carry an IPv4 address which some
router unwraps. Here IPv6 is what IANA gives out (2000::/3) and nothing that carries or tunnels.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_GIVEN_OUT: Final = ip_network("2000::/3")
# RFC 6052 2.1: what DNS64 answers where a network has no IPv4. The last 32 bits are the address.
_NAT64: Final = ip_network("64:ff9b::/96")
_NOT_PUBLIC: Final = [
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "2001::/23",  # Teredo, ORCHID and other protocols (RFC 6890)
        "2001:db8::/32",  # documentation (RFC 3849)
        "2002::/16",  # 6to4 (RFC 3056)
        "3fff::/20",  # documentation (RFC 9637)
    )
]
# RFC 5214 6.1: the lower half of an ISATAP address, before the IPv4 address it carries.
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})


def is_public(address: str) -> bool:
    """Whether `address` is one of the open internet; False for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found in _NAT64:
        found = IPv4Address(int(found) & 0xFFFFFFFF)
    if any(found in network for network in _NOT_PUBLIC if network.version == found.version):
        return False
    if isinstance(found, IPv6Address):
        carries = (int(found) >> 32) & 0xFFFFFFFF in _ISATAP
        return found in _GIVEN_OUT and found.scope_id is None and found.is_global and not carries
    return found.is_global and not found.is_multicast
