"""Holding one scripted conversation: each step as its person, with what was learnt before.

A script has a `person`, perhaps what is `given` before (rows, roles, people whose clients may only
read), and `steps`. A step calls a `tool`, reads a `resource`, takes a `prompt` or `complete`s an
argument; `${name}` stands for what an earlier step kept with `keep`. `holds` says what must stand
where in the answer; with `fails` the answer is a failure, whose text a model reads.
"""

import json
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from mcp.client import Client
from mcp_types import PromptReference, ResourceTemplateReference
from starlette.applications import Starlette

from simulator.instance import Instance
from simulator.seed.ids import person_id
from tests.conversations.answers import at, fits
from tests.mcp_app.clients import sdk_client
from tests.mcp_app.people import connect

SCRIPTS = Path(__file__).parent / "scripts"
_NAMED = re.compile(r"\$\{(\w+)\}")


def script(name: str) -> dict[str, Any]:
    """A conversation as it is written down."""
    found: dict[str, Any] = json.loads((SCRIPTS / f"{name}.json").read_text())
    return found


@dataclass
class Conversation:
    """A conversation that goes on: the clients that are open and what was learnt."""

    script: dict[str, Any]
    simulator: Starlette
    opened: AsyncExitStack
    clients: dict[str, Client] = field(default_factory=dict)
    learnt: dict[str, Any] = field(default_factory=dict)

    async def hold(self) -> list[str]:
        """Go through all steps and return what did not fit, each with the answer it stood in."""
        self._prepare(self.simulator.state.world.instance)
        misfits: list[str] = []
        for number, step in enumerate(self.script["steps"], 1):
            answer = await self._answer(step)
            wrong = list(self._misfits(step, answer))
            misfits += [f"step {number}: {one}\n{json.dumps(answer, indent=1)}" for one in wrong]
            self.learnt |= {name: at(answer, place) for name, place in step.get("keep", {}).items()}
        return misfits

    def _prepare(self, instance: Instance) -> None:
        given = self.script.get("given", {})
        for user_name, roles in given.get("roles", {}).items():
            for name in roles:
                [role] = instance.query("sys_user_role", f"name={name}", limit=1)
                row = {"user": person_id(user_name), "role": role["sys_id"]}
                instance.insert("sys_user_has_role", row)
        for one in given.get("rows", []):
            instance.insert(one["table"], one["values"], run_rules=True)

    def _misfits(self, step: dict[str, Any], answer: Any) -> Iterator[str]:
        failed = answer["code"] if {"code", "message"} <= answer.keys() else None
        if failed != step.get("fails"):
            yield f"failed with {failed}, not {step.get('fails')}"
        for place, expected in step.get("holds", {}).items():
            found, wanted = at(answer, self._filled(place)), self._filled(expected)
            if not fits(found, wanted):
                yield f"{place} is {found!r}, not {wanted!r}"

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, str):
            return _NAMED.sub(lambda found: str(self.learnt[found[1]]), value)
        return value

    async def _client(self, user_name: str) -> Client:
        if user_name not in self.clients:
            person = await sync_to_async(connect)(user_name, self.simulator)
            reads = user_name in self.script.get("given", {}).get("readers", [])
            token = await person.access_token(access="read" if reads else "write")
            self.clients[user_name] = await self.opened.enter_async_context(sdk_client(token))
        return self.clients[user_name]

    async def _answer(self, step: dict[str, Any]) -> Any:
        client = await self._client(step.get("as", self.script["person"]))
        arguments = self._filled(step.get("arguments", {}))
        if "tool" in step:
            return await _called(client, step["tool"], arguments)
        if "resource" in step:
            [contents] = (await client.read_resource(self._filled(step["resource"]))).contents
            return json.loads(getattr(contents, "text", ""))
        if "prompt" in step:
            [message] = (await client.get_prompt(step["prompt"], arguments)).messages
            return {"text": getattr(message.content, "text", "")}
        if "complete" in step:
            completed = await client.complete(_reference(step["complete"]), arguments)
            return {"values": completed.completion.values}
        return {"tools": [tool.name for tool in (await client.list_tools()).tools]}


def _reference(name: str) -> PromptReference | ResourceTemplateReference:
    if "://" in name:
        return ResourceTemplateReference(type="ref/resource", uri=name)
    return PromptReference(type="ref/prompt", name=name)


async def _called(client: Client, tool: str, arguments: dict[str, Any]) -> Any:
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        return json.loads(getattr(result.content[0], "text", ""))
    return result.structured_content
