"""Asking for a reconnect token in somebody else's name, and in nobody's, at both addresses."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from proofs.credentials import Person
from proofs.measured import Measured
from proofs.site import Site

_API: Final = "/oauth/reconnect-token"
_PAGE: Final = "/connection/tokens"
_WANTED: Final = {"name": "Proof", "access": "write", "expires_in": "86400"}
_MADE: Final = {_API: 201, _PAGE: 200}
_NOBODY: Final = {_API: 401, _PAGE: 302}  # the page leads to the sign-in
_COOKIE: Final = "a" * 32
_NAMED: Final = "user_sys_id in the body"


@dataclass(frozen=True)
class _Row:
    user: int
    connection: int
    sys_id: str


async def asked_for_others(
    site: Site, servers: Sequence[str], web: httpx.AsyncClient
) -> list[Measured]:
    """Have Fred ask as Nadia, then somebody who is not signed in; look whose tokens there are."""
    fred, nadia = (Person(site.demo.address, name, web) for name in ("fred.luddy", "nadia.okafor"))
    for person in (fred, nadia):
        await person.sign_in()
    own = await asyncio.to_thread(_row, site, fred.user_name)
    others = await asyncio.to_thread(_row, site, nadia.user_name)
    bearer = await nadia.make_reconnect_token()
    before = await asyncio.to_thread(_owners, site)
    foreign = [
        (address, f"{name} in the {place}", await _sent(web, server, address, how, _session(fred)))
        for server in servers
        for address in (_API, _PAGE)
        for name, asked in _naming(nadia.user_name, others)
        for place, how in _ways(address, asked)
    ]
    between = await asyncio.to_thread(_owners, site)
    nobodys = [
        (address, "", await _sent(web, server, address, how, headers))
        for server in servers
        for address in (_API, _PAGE)
        for headers in _strangers(bearer)
        for _, asked in (("", {}), *_naming(nadia.user_name, others))
        for _, how in _ways(address, asked)
    ]
    after = await asyncio.to_thread(_owners, site)
    mine = (own.user, own.connection)
    return [
        _of_foreign(foreign, made=between[len(before) :], mine=mine),
        _of_documented_name(foreign),
        _of_nobody(nobodys, made=len(after) - len(between)),
    ]


def _naming(user_name: str, other: _Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every name that a server might read whose token is wanted from."""
    for name in ("user_sys_id", "sys_id"):
        yield name, {name: other.sys_id}
    for name in ("user", "user_id", "owner", "person"):
        yield name, {name: other.user}
    for name in ("connection", "connection_id"):
        yield name, {name: other.connection}
    yield "user_name", {"user_name": user_name}


def _ways(address: str, asked: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where it stands, and the arguments of httpx for that."""
    yield "body", {"data": _WANTED | asked}
    yield "query", {"data": _WANTED, "params": asked}
    if address == _API:
        yield "body", {"json": _WANTED | asked}


def _session(person: Person) -> dict[str, str]:
    return {"Cookie": person.cookie_header(), "X-CSRFToken": person.cookies["csrftoken"]}


def _strangers(bearer: str) -> list[dict[str, str]]:
    """Browsers in which nobody is signed in, one with a made up session, one with a bearer."""
    nobody = {"Cookie": f"csrftoken={_COOKIE}", "X-CSRFToken": _COOKIE}
    forged = {"Cookie": f"csrftoken={_COOKIE}; sessionid={_COOKIE}", "X-CSRFToken": _COOKIE}
    return [nobody, forged, nobody | {"Authorization": f"Bearer {bearer}"}]


async def _sent(
    web: httpx.AsyncClient, server: str, address: str, how: dict[str, Any], headers: dict[str, str]
) -> int:
    sent = headers | {"Origin": server}
    return (await web.post(f"{server}{address}", headers=sent, **how)).status_code


def _row(site: Site, user_name: str) -> _Row:
    asked = "SELECT user_id, id, sys_id FROM oauth_app_connection WHERE user_name = %s"
    return _Row(*site.rows(asked, user_name)[0])


def _owners(site: Site) -> list[tuple[Any, ...]]:
    """Whose each token is and through which connection, the oldest first."""
    return site.rows("SELECT user_id, connection_id FROM oauth_app_reconnecttoken ORDER BY id")


def _of_foreign(
    answers: Sequence[tuple[str, str, int]],
    *,
    made: Sequence[tuple[Any, ...]],
    mine: tuple[int, int],
) -> Measured:
    others = [owner for owner in made if owner != mine]
    # The documented name is refused wherever it stands in a body; others mean nothing.
    fitting = [status in {403, _MADE[address]} for address, _, status in answers]
    refused = sum(status == 403 for *_, status in answers)
    odd = sorted({status for (*_, status), fits in zip(answers, fitting, strict=True) if not fits})
    return Measured(
        goal="G15",
        what="reconnect tokens made for somebody else, by asking with their sys_id, user or"
        " connection in every place",
        promised=f"0 in {len(answers)} requests",
        reached=f"{len(others)}; {refused} refused, {len(made)} for oneself {odd or ''}".strip(),
        holds=not others and not odd and len(made) == len(answers) - refused,
    )


def _of_documented_name(answers: Sequence[tuple[str, str, int]]) -> Measured:
    named = [status for address, how, status in answers if address == _API and how == _NAMED]
    refused = named.count(403)
    return Measured(
        goal="G15",
        what="requests with a foreign `user_sys_id` in the body that were refused",
        promised=f"{len(named)} of {len(named)}",
        reached=f"{refused} of {len(named)}",
        holds=refused == len(named) > 0,
    )


def _of_nobody(answers: Sequence[tuple[str, str, int]], *, made: int) -> Measured:
    wrong = sorted({(address, got) for address, _, got in answers if got != _NOBODY[address]})
    return Measured(
        goal="G15",
        what="reconnect tokens made for whoever is not signed in; others than 401, or the way to"
        " the sign-in on the page",
        promised=f"0 and 0 in {len(answers)} requests",
        reached=f"{made} and {len(wrong)} {wrong or ''}".strip(),
        holds=not made and not wrong,
    )
