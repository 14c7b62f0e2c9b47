"""Why the REST APIs refuse, and the answer each refusal becomes.

::

    Refusal                 .status .message .detail
      NotAuthenticated      401 User Not Authenticated
      InvalidTable          400 Invalid table …
      UnknownResource       400 Requested URI does not represent any resource
      BadBody               400 Exception while reading request
      BadParameter          400
      MissingParameter      400
      BadForm               400
      BadItem               400
      MissingHeader         400
      NotAcceptable         406
      UnsupportedMedia      415
      TooLarge              413, of scripted APIs 400
      MethodNotSupported    405 Method not Supported
      ApiRefused            403 User Not Authorized
      TableClosed           403 User Not Authorized
      TransactionCancelled  500 Transaction cancelled: …
      QueryRefused          403 Insufficient rights to query records
        UnreadableField       … because of a field in the query
      OperationFailed       403 Operation Failed
        AclRefused            ACL Exception … Failed due to security constraints
        RuleAborted           Operation against file … was aborted by Business Rule …
        PolicyViolated        Data Policy Exception: …
        ReadOnlyViolated      Data Policy Exception: … read only
        DefinitionRefused     a table or column that cannot be
        NotUnique             a value that another record has
        DuplicateRecord       a supplied sys_id is taken
      NoRecord              404 No Record found
"""

from collections.abc import Sequence


class Refusal(Exception):
    """An answer in ServiceNow's error envelope."""

    status = 400

    def __init__(self, message: str, detail: str | None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, object]:
        """The envelope."""
        return {"error": {"message": self.message, "detail": self.detail}, "status": "failure"}


class NotAuthenticated(Refusal):
    """Nobody is acting."""

    status = 401

    def __init__(self) -> None:
        super().__init__("User Not Authenticated", "Required to provide Auth information")


class InvalidTable(Refusal):
    """There is no such table. `explained`: builds differ in whether the detail says so too."""

    def __init__(self, table: str, *, explained: bool) -> None:
        super().__init__(
            f"Invalid table {table}", f"Table {table} does not exist" if explained else None
        )


class UnknownResource(Refusal):
    """No API answers at this address."""

    def __init__(self, path: str) -> None:
        super().__init__("Requested URI does not represent any resource", path)


class BadBody(Refusal):
    """The body of a write cannot be read."""

    def __init__(self) -> None:
        super().__init__("Exception while reading request", "The payload is not valid JSON.")


class BadParameter(Refusal):
    """A parameter has a value that it cannot have. The wording is not verified."""

    def __init__(self, name: str) -> None:
        super().__init__("Invalid parameter", f"Invalid value for {name}")


class MissingParameter(Refusal):
    """A parameter that is needed is not there. The wording is not verified."""

    def __init__(self, name: str) -> None:
        super().__init__("Missing parameter", f"Parameter {name} is required")


class BadForm(Refusal):
    """A form that cannot be read, or has no file. The wording is not verified."""

    def __init__(self) -> None:
        super().__init__(
            "Failed to create the attachment", "The file part might be missing in the request."
        )


class BadItem(Refusal):
    """An item of a batch that cannot be run. The wording is not verified."""

    def __init__(self, detail: str) -> None:
        super().__init__("Invalid batch item", detail)


class MissingHeader(Refusal):
    """A write came without a content type. The wording is not verified."""

    def __init__(self, name: str) -> None:
        super().__init__("Missing header", f"Header {name} is required")


class NotAcceptable(Refusal):
    """The client accepts nothing that can be given."""

    status = 406

    def __init__(self, accepted: str) -> None:
        super().__init__("Unsupported media type", f"Accept header {accepted} is not supported")


class UnsupportedMedia(Refusal):
    """The body has a type that is not read."""

    status = 415

    def __init__(self, given: str) -> None:
        super().__init__("Unsupported media type", f"Content-Type {given} is not supported")


class TooLarge(Refusal):
    """The body is larger than `glide.rest.max_content_length`; `scripted`: for a scripted API."""

    status = 413

    def __init__(self, size: int, *, most: int, scripted: bool = False) -> None:
        super().__init__(
            "Exception while reading request",
            f"Rejected large REST payload with content-length = {size} bytes."
            f" Max allowed: {most} bytes.",
        )
        if scripted:
            self.status = 400


class MethodNotSupported(Refusal):
    """The address takes other methods."""

    status = 405

    def __init__(self, method: str) -> None:
        super().__init__("Method not Supported", f"{method} method not supported for API")


class ApiRefused(Refusal):
    """The REST API itself is closed to people without a role."""

    status = 403

    def __init__(self) -> None:
        super().__init__("User Not Authorized", "Failed API level ACL Validation")


class TransactionCancelled(Refusal):
    """A query that the database gives up on."""

    status = 500

    def __init__(self) -> None:
        sentence = "Transaction cancelled: maximum execution time exceeded"
        super().__init__(sentence, f"{sentence}. Check logs for error trace.")


class QueryRefused(Refusal):
    """A query of what the person may not read."""

    status = 403

    def __init__(self, detail: str | None = None) -> None:
        super().__init__("Insufficient rights to query records", detail)


class UnreadableField(QueryRefused):
    """A query uses a field that the person may not read."""

    def __init__(self) -> None:
        super().__init__("Field(s) present in the query do not have permission to be read")


class OperationFailed(Refusal):
    """A write was refused; the detail has the sentence."""

    status = 403

    def __init__(self, detail: str) -> None:
        super().__init__("Operation Failed", detail)


class AclRefused(OperationFailed):
    """An ACL refused a write: `operation` is Insert, Update or Delete."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"ACL Exception {operation} Failed due to security constraints")


class RuleAborted(OperationFailed):
    """A business rule aborted a write to `table`.

    `stack` are the rules that were running, the outermost first, by name and sys_id: a rule that
    writes another record has the rules of that one run inside it. The sentence names the outermost.
    """

    def __init__(self, table: str, *, stack: Sequence[tuple[str, str]]) -> None:
        (name, sys_id), *_ = stack
        super().__init__(
            f"Operation against file '{table}' was aborted by Business Rule '{name}^{sys_id}'."
            f" Business Rule Stack:{','.join(rule for rule, _ in stack)}"
        )


class PolicyViolated(OperationFailed):
    """A data policy wants fields that are empty; `labels` are theirs.

    `terse`: instances differ in how they say it of a single field.
    """

    def __init__(self, labels: Sequence[str], *, terse: bool) -> None:
        if terse and len(labels) == 1:
            missing = f"{labels[0]} is mandatory"
        else:
            missing = "The following fields are mandatory: " + ", ".join(labels)
        super().__init__(f"Data Policy Exception: {missing}")


class ReadOnlyViolated(OperationFailed):
    """A data policy keeps fields from being changed. The wording is not verified."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(
            "Data Policy Exception: The following fields are read only: " + ", ".join(labels)
        )


class DefinitionRefused(OperationFailed):
    """A table or column cannot be made, changed or deleted so. The wordings are not verified."""


class NotUnique(OperationFailed):
    """Another record has the value of a unique field; the words are those of glide.db.loguser."""

    def __init__(self, field: str, *, value: str) -> None:
        super().__init__(
            "Unique Key violation detected by database"
            f" (Duplicate entry '{value}' for key '{field}')"
        )


class TableClosed(Refusal):
    """The table is not open to web services: said as of an API that is closed."""

    status = 403

    def __init__(self) -> None:
        super().__init__("User Not Authorized", "Failed API level ACL Validation")


class DuplicateRecord(OperationFailed):
    """A supplied sys_id is taken. The wording is not verified."""

    def __init__(self, table: str, *, sys_id: str) -> None:
        super().__init__(f"Error during insert of {table} ({sys_id}), duplicate key")


class NoRecord(Refusal):
    """There is no such record, or the person may not read it: the same answer."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "No Record found", "Record doesn't exist or ACL restricts the record retrieval"
        )
