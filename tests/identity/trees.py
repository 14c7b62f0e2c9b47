"""Trees of arguments that name somebody else, and what of it reaches ServiceNow.

Most are refused before anything is sent. The rest run against one instance, which looks at
every body that reaches it.
"""

import json
import random
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette

from servicenow.exceptions import ServiceNowFailure
from tests.identity.names import ACTOR_NAMES, PROTECTED_FIELDS, spelt
from tests.identity.test_catalog_and_update_sets import item_asking
from tests.tools_app.callers import ABEL
from tests.tools_app.catalog.each_tool import ARGUMENTS
from tests.tools_app.desk import CORRELATION_ID, Desk, seated
from tools_app.catalog import CATALOG
from tools_app.exceptions import InvalidArguments, ToolFailure

NAMES = sorted({*ACTOR_NAMES, *PROTECTED_FIELDS})
SOMEBODY_ELSE = ("46d44a23a9fe19810012d100cca80666", "beth.anglin", "Beth Anglin")
# Arguments that take any name, in which such a name could hide.
TAKE_ANY_NAME = {"other_fields", "variables"}
IDENTITY = frozenset("".join(filter(str.isalnum, name)) for name in NAMES)


@dataclass
class Tally:
    """What came of the trees: `foreign` are the writes that named somebody else."""

    refused: int = 0
    ran: int = 0
    wrote: int = 0
    foreign: list[str] = field(default_factory=list)


def plain(name: str) -> str:
    """The letters of a name, however it is spelt: written apart from the guard's own."""
    folded = unicodedata.normalize("NFKC", unquote(name)).casefold()
    return "".join(filter(str.isalnum, folded))


def branch(dice: random.Random, *, depth: int) -> Any:
    """A value that is somebody else, or holds one further down."""
    if depth == 0 or dice.random() < 0.4:
        return dice.choice(SOMEBODY_ELSE)
    if dice.random() < 0.3:
        return [branch(dice, depth=depth - 1)]
    return {spelt(dice, NAMES): branch(dice, depth=depth - 1)}


def trees(dice: random.Random, *, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tools with arguments: valid ones, and somewhere among them somebody else."""
    tools = list(CATALOG)
    for count in range(number):
        tool = tools[count % len(tools)]
        arguments = dict(ARGUMENTS[tool])
        known = list(CATALOG[tool].input_schema["properties"])
        open_ended = [name for name in known if name in TAKE_ANY_NAME]
        if open_ended and dice.random() < 0.5:
            names = {spelt(dice, NAMES) for _ in range(dice.randint(1, 3))}
            inside = {name: branch(dice, depth=dice.choice((0, 0, 0, 2))) for name in names}
            if dice.random() < 0.5 and open_ended == ["other_fields"]:
                inside["urgency"] = "2"
            arguments[open_ended[0]] = inside
        elif known and dice.random() < 0.2:
            arguments[dice.choice(known)] = {spelt(dice, NAMES): branch(dice, depth=3)}
        else:
            arguments[spelt(dice, NAMES)] = branch(dice, depth=3)
        yield tool, arguments


def names_in(value: object) -> Iterator[str]:
    """Every name of a body, at any depth."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from names_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from names_in(part)


def note_writes(desk: Desk, tally: Tally) -> None:
    """Look at every write since the last time."""
    for write in (one for one in desk.requests() if one.method != "GET"):
        tally.wrote += 1
        whole = f"{write.path} {write.query_string} {write.body}"
        body = json.loads(write.body) if write.body else {}
        own = {
            "caller_id": desk.caller.sys_id,
            "requested_by": desk.caller.sys_id,
            "correlation_id": CORRELATION_ID,
        }
        names_somebody = any(named in unquote(whole) for named in SOMEBODY_ELSE)
        names = [name for name in names_in(body) if plain(name) in IDENTITY]
        if names_somebody or any(body.get(name, "") != own.get(name) for name in names):
            tally.foreign.append(whole)
    desk.world.journal.clear()


async def run_trees(simulator: Starlette, *, number: int, seed: int) -> Tally:
    """Run so many, the same ones for the same `seed`, as Abel."""
    dice, tally = random.Random(seed), Tally()  # no secret: the same trees in every run
    async with seated(simulator, ABEL) as desk:
        item = item_asking(desk, {"name": "requested_for"})
        for name in set(ACTOR_NAMES) - {"requested_for", "approver"}:
            asked = {"name": name, "question_text": "", "type": "8", "reference": "sys_user"}
            desk.instance.insert("item_option_new", asked | {"cat_item": item})
        for tool, arguments in trees(dice, number=number):
            if "variables" in arguments:
                arguments["item"] = item
            try:
                taken = CATALOG[tool].validate(arguments)
            except InvalidArguments:
                tally.refused += 1
                continue
            tally.ran += 1
            with suppress(ToolFailure, ServiceNowFailure):
                await CATALOG[tool].run(desk.tool_call(tool), taken)
            note_writes(desk, tally)
    return tally
