"""Row ids that exist before the row does, because ciphertexts are bound to them."""

import secrets

_BITS = 52  # stays exact where a number is a double, as in JavaScript


def fresh_row_id() -> int:
    """Return a random id of 53 bits; two alike among a million rows: once in 10^4 sites."""
    return (1 << _BITS) | secrets.randbits(_BITS)
