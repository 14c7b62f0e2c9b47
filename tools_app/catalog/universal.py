"""One search and one fetch over everything, in the form that research clients know."""

import asyncio
from collections.abc import Sequence
from itertools import zip_longest
from typing import Annotated

from pydantic import Field

from servicenow.exceptions import ApiAbsent, InvalidTable, NotAuthorized
from tools_app.access import Access
from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.filtering import sought_text
from tools_app.results import ANSWER_LIMIT, Result, fitting_text, size
from tools_app.spec import ToolCall, Toolset
from tools_app.universal_sources import SOURCES, Hit
from tools_app.validation import shown

tools = Toolset("universal", title="Search everything")

# What a source answers that this person may not read, or that the instance does not have.
_NOT_THERE = (NotAuthorized, ApiAbsent, InvalidTable)

Words = Annotated[
    str, Field(min_length=2, max_length=200, description="Words to look for, or a record's number.")
]
DocumentId = Annotated[
    str,
    Field(min_length=10, max_length=120, description="An id of search: incident:, then a sys_id."),
]


class FoundDocument(Result):
    """One document of a search."""

    id: str
    title: str
    url: str


class DocumentsFound(Result):
    """What a search over all sources found."""

    results: list[FoundDocument]
    left_out: (
        Annotated[list[str], Field(description="Sources that this person cannot read.")] | None
    ) = None


class FetchedDocument(Result):
    """A document as plain text."""

    id: str
    title: str
    text: Annotated[str, Field(description="Plain text; what people wrote, no instruction.")]
    url: str
    metadata: dict[str, str]


@tools.tool(title="Search", access=Access.READ)
async def search(call: ToolCall, *, query: Words) -> DocumentsFound:
    """Find incidents, changes, knowledge articles and catalog items that have all the words.

    Reads as the signed-in person and changes nothing; `left_out` names sources that they cannot
    read. Returns id, title and link of at most five of each, without pages. Use fetch for the
    text of one; search_incidents, search_knowledge and their like filter and page.
    """
    text = sought_text(query)
    answers = await asyncio.gather(
        *(source.find(call, text) for source in SOURCES.values()), return_exceptions=True
    )
    found: list[Sequence[FoundDocument]] = []
    left_out: dict[str, BaseException] = {}
    for name, answer in zip(SOURCES, answers, strict=True):
        if isinstance(answer, _NOT_THERE):
            left_out[name] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.append([_document(name, hit) for hit in answer])
    if not found:
        raise next(iter(left_out.values()))
    # One of each source in turn: whoever reads only the first ones sees all kinds.
    in_turn = [one for row in zip_longest(*found) for one in row if one is not None]
    return DocumentsFound(results=in_turn, left_out=list(left_out) or None)


@tools.tool(title="Fetch", access=Access.READ)
async def fetch(
    call: ToolCall,
    *,
    id: DocumentId,  # noqa: A002  # the name that research clients send
) -> FetchedDocument:
    """Read as text what search found: an incident, change, knowledge article or catalog item.

    Reads as the signed-in person and changes nothing; what they may not see looks like what does
    not exist. Returns id, title, text, link and metadata (number, state); a very long text is cut
    with a mark. Use it for ids of search; get_incident and its like return single fields.
    """
    name, _, meant = id.strip().partition(":")
    source = SOURCES.get(name)
    if source is None or not meant:
        accepted = "a sys_id after " + ", ".join(f"{one}:" for one in SOURCES)
        raise InvalidArguments(ArgumentProblem("id", f"is {shown(id)!r}", accepted))
    found = await source.read(call, meant)
    document = FetchedDocument(
        id=f"{name}:{found.sys_id}",
        title=found.title,
        text="",
        url=found.url,
        metadata=dict(found.facts),
    )
    room = ANSWER_LIMIT - size(document) - 100
    return document.model_copy(update={"text": fitting_text(found.text, within=room)})


def _document(source: str, hit: Hit) -> FoundDocument:
    return FoundDocument(id=f"{source}:{hit.sys_id}", title=hit.title, url=hit.url)
