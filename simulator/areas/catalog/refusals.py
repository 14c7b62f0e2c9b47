"""What the Service Catalog API refuses, in the words of its documentation where it has any.

::

    Refusal
      CatalogRefused     400, its sentence as message, the detail empty
      WishNotFound       404
"""

from simulator.errors import Refusal

INVALID_QUANTITY = "Invalid quantity value"
NOT_ORDERABLE = "Security constraints prevent ordering of Item"
MANDATORY = "Mandatory Variables are required"
EMPTY_CART = "Cannot check out with an empty cart!"

# The documentation gives these cases a status, not a sentence: the sentences are not verified.
NO_SUCH_ITEM = "Security constraints prevent access of requested item"
NO_SUCH_CATEGORY = "Security constraints prevent access of requested category"
NO_SUCH_CATALOG = "Security constraints prevent access of requested catalog"
NO_SUCH_CART = "Invalid cart"
NO_SUCH_CART_ITEM = "Invalid cart item"
NO_SUCH_PERSON = "Invalid user"
NOT_FOR_OTHERS = "User does not have permission to request for another user"
TOO_MANY_PEOPLE = "Item cannot be requested for more than 50 additional users"
NOT_FOR_ALL = "Item is not available for one or more of the users it is requested for"
NOT_CONFIGURED = (
    "This item cannot be submitted for multiple people as it is not configured with Requested For"
)
NOT_FOR_SEVERAL = "This item cannot be submitted for multiple people by this user"


class CatalogRefused(Refusal):
    """A request that the catalogue does not take."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "")


class WishNotFound(Refusal):
    """No such item lies in the person's wish list."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Item not found in the wish list", "")
