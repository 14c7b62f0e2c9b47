"""The protections that keep everybody else out of a person's calls, each in one sentence.

Each has a test that names its id with `@protects`, and no identity test goes without one
(`test_requirements.py`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

PROTECTIONS = {
    "P1": "The caller comes from the credential of this request only, and no call sees another's.",
    "P2": "No argument of any tool says who is acting; such a declaration fails at import.",
    "P3": "Unknown arguments are refused, also nested ones.",
    "P4": "A write never carries identity, audit or system fields, however they are spelt; what "
    "was dropped is named, and a write that is empty afterwards is refused.",
    "P5": "The caller of a new incident and the requester of a new change are the signed-in "
    "person.",
    "P6": "A catalog request is never for somebody else: no directive that says for whom is sent, "
    "and a variable that stands for the requester can only be the signed-in person.",
    "P7": "Only the returned approver of a waiting approval, or whoever they have delegated "
    "approvals to right now, decides it; a rejection says why.",
    "P8": "Of update sets only the person's own preference is written, and only one in progress "
    "that is no default is chosen.",
    "P9": "What is called mine is pinned to the signed-in person.",
    "P10": "Text is always one literal: it never becomes query syntax or a script.",
    "P11": "Field names in filters, orders and other fields are checked against the dictionary.",
    "P12": "A credential that may only read sees no tool that writes and cannot call one.",
    "P13": "Record text in answers is cleaned of what a person would not see, and capped.",
    "P14": "Nothing about another person: same arguments, same moment, own answers.",
}

Test = TypeVar("Test", bound=Callable[..., Any])


def protects(*protections: str) -> Callable[[Test], Test]:
    """Say which protections a test proves. Raises KeyError for one that is not listed."""
    sentences = [PROTECTIONS[one] for one in protections]

    def name(test: Test) -> Test:
        test.proves = dict(zip(protections, sentences, strict=True))  # type: ignore[attr-defined]  # read by test_requirements
        return test

    return name
