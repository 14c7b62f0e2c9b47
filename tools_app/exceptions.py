"""Failures that a tool call may end with and the model may read.

    ToolFailure               .code .message .next_step .candidates .arguments
    ├── InvalidArguments      VALIDATION_ERROR   names each argument, the problem, what is accepted
    ├── AmbiguousMatch        AMBIGUOUS_MATCH    carries at most five candidates
    ├── NothingToWrite        PROTECTED_FIELD    nothing is left once protected fields are dropped
    ├── ToolNotAllowed        NOT_ALLOWED        not granted to this person, client or token
    ├── NotYours              NOT_YOURS          it belongs to somebody else
    └── StateForbids          CONFLICT           the state of the record does not allow it

What ServiceNow answers is in `servicenow/exceptions.py` and passes through unchanged. Messages
are sentences of ours; what they repeat of the model's own arguments is cleaned and shortened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class ArgumentProblem:
    """One argument that cannot be used: which, what is wrong with it, what would be accepted."""

    argument: str
    problem: str
    accepted: str = ""

    def __str__(self) -> str:
        """One sentence or two, for the model."""
        accepted = f" Accepted: {self.accepted.rstrip('.')}." if self.accepted else ""
        return f"`{self.argument}` {self.problem.rstrip('.')}.{accepted}"


@dataclass(frozen=True)
class Candidate:
    """One of several records that a name fits."""

    sys_id: str
    name: str
    detail: str = ""


class ToolFailure(Exception):
    """A call that ends without a result, in words meant for the model."""

    code: ClassVar[str]

    def __init__(
        self,
        message: str,
        *,
        next_step: str = "",
        candidates: Iterable[Candidate] = (),
        arguments: Sequence[ArgumentProblem] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.candidates = tuple(candidates)[:MOST_CANDIDATES]
        self.arguments = tuple(arguments)


class InvalidArguments(ToolFailure):
    """Arguments that the tool does not take as they are."""

    code = "VALIDATION_ERROR"

    def __init__(
        self,
        *problems: ArgumentProblem,
        next_step: str = "Correct the arguments named here and call the tool again.",
    ) -> None:
        super().__init__(
            " ".join(str(problem) for problem in problems),
            next_step=next_step,
            arguments=problems,
        )


class AmbiguousMatch(ToolFailure):
    """A name that fits several records."""

    code = "AMBIGUOUS_MATCH"

    def __init__(
        self,
        argument: str,
        sought: str,
        *,
        candidates: Iterable[Candidate],
        next_step: str = "Choose one of the candidates, asking the person if it is not clear "
        "which, and call the tool again with its sys_id.",
    ) -> None:
        super().__init__(
            f"`{argument}`: several records fit {sought!r}.",
            next_step=next_step,
            candidates=candidates,
        )


class NothingToWrite(ToolFailure):
    """A write of which nothing is left."""

    code = "PROTECTED_FIELD"

    def __init__(self, dropped: Sequence[str]) -> None:
        named = ", ".join(f"`{name}`" for name in dropped)
        super().__init__(
            f"Nothing is left to write: {named} can only be set by the server or by ServiceNow.",
            next_step="Name at least one field that may be changed, and leave out who is acting: "
            "that is always the signed-in person.",
        )
        self.dropped = tuple(dropped)


class ToolNotAllowed(ToolFailure):
    """A tool that this person, client or token may not use."""

    code = "NOT_ALLOWED"


class NotYours(ToolFailure):
    """Something that belongs to somebody else."""

    code = "NOT_YOURS"


class StateForbids(ToolFailure):
    """A change that the state of the record does not allow."""

    code = "CONFLICT"
