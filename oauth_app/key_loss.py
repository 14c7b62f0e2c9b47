"""When a key is lost for good: forget what nobody can read, so that people can sign in again."""

from collections import Counter

from oauth_app.connection_tokens import forget_tokens
from oauth_app.encrypted_columns import encrypted_columns
from oauth_app.encryption import keyset
from oauth_app.models import Connection
from oauth_app.models.connections import Reason, State


def forget_lost_secrets() -> Counter[str]:
    """Empty every secret whose key is not in TOKEN_ENCRYPTION_KEY; return how many, by column.

    People whose tokens are among them have to sign in again. What another key of the same id
    encrypted is not found here: give the new key an id of its own first.
    """
    forgotten: Counter[str] = Counter()
    for column in encrypted_columns():
        for row in list(column.under_none_of(keyset().key_ids)):
            forgotten[str(column)] += column.put(row, "")
            if isinstance(row, Connection):
                forget_tokens(row, state=State.NEEDS_SIGN_IN, reason=Reason.ASKED_BY_OPERATOR)
    return forgotten
