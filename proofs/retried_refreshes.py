"""A refresh whose answer was lost is answered again; one that comes a minute later ends its family.

Real processes: PostgreSQL, Redis and two servers. `python -m proofs.retried_refreshes` runs it
alone, in full; there the minute really passes.
"""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import httpx

from proofs.alone import print_measured
from proofs.measured import Measured, Scale
from proofs.site import Site, Worker, running_site

_RETRIES: Final = 24
_RETRIES_LAST_SECONDS: Final = 60.0
_A_MOMENT: Final = 2.0
_AGED: Final = "UPDATE oauth_app_refreshanswer SET given_at = given_at - interval '61 seconds'"


def prove(scale: Scale) -> Iterable[Measured]:
    """Retry at once, one by one, and too late."""
    families = scale.pick(full=100, short=6)
    with running_site() as site:
        site.make_people(1)
        servers = (site.daphne("first"), site.daphne("second"))
        site.start(*servers)
        made = json.loads(site.inside("proofs.token_families", str(families + 2)))
        clients = [_Client(client_id, token, servers) for client_id, token in made]
        yield from asyncio.run(_proved(site, clients, scale))


@dataclass(frozen=True)
class _Client:
    client_id: str
    token: str
    servers: tuple[Worker, Worker]

    async def refresh(
        self, web: httpx.AsyncClient, number: int, *, token: str = ""
    ) -> httpx.Response:
        """Exchange its refresh token, or a newer one, at one of the servers."""
        server = self.servers[number % 2]
        sent = {"grant_type": "refresh_token", "client_id": self.client_id}
        sent["refresh_token"] = token or self.token
        return await web.post(f"{server.address}/o/token/", data=sent)


async def _proved(site: Site, clients: list[_Client], scale: Scale) -> Iterable[Measured]:
    first, second, *families = clients
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as web:
        at_once = await asyncio.gather(*(first.refresh(web, n) for n in range(_RETRIES)))
        one_by_one = [await second.refresh(web, n) for n in range(_RETRIES)]
        renewed = [await one.refresh(web, n) for n, one in enumerate(families)]
        if scale is Scale.FULL:
            await asyncio.sleep(_RETRIES_LAST_SECONDS + _A_MOMENT)
        else:
            site.database.execute(_AGED)
        late = [await one.refresh(web, n) for n, one in enumerate(families)]
        after = [
            await one.refresh(web, n, token=renewed[n].json().get("refresh_token", ""))
            for n, one in enumerate(families)
        ]
        kept = await first.refresh(web, 0, token=at_once[0].json().get("refresh_token", ""))
    return [
        _same(at_once, "at one moment, at two servers"),
        _same(one_by_one, "one after the other, at two servers in turn"),
        _ended(site, late, after, len(families)),
        Measured(
            goal="G20",
            what="the family that was retried in time goes on meanwhile",
            promised="200",
            reached=f"{kept.status_code}",
            holds=kept.status_code == 200,
        ),
    ]


def _same(answers: list[httpx.Response], how: str) -> Measured:
    good = [answer for answer in answers if answer.status_code == 200]
    bodies, faults = {one.content for one in good}, sum(one.status_code >= 500 for one in answers)
    return Measured(
        goal="G20",
        what=f"retries of one refresh {how}, that get the same answer",
        promised=f"{_RETRIES} of {_RETRIES}, 0 answers of 5xx",
        reached=f"{len(good)} with {len(bodies)} answer, {faults} of 5xx",
        holds=len(good) == _RETRIES and len(bodies) == 1 and not faults,
    )


def _ended(
    site: Site, late: list[httpx.Response], after: list[httpx.Response], families: int
) -> Measured:
    refused = sum(one.status_code == 400 for one in late)
    ended = sum(one.status_code == 400 for one in after)
    [(revoked,)] = site.rows(
        "SELECT count(*) FROM oauth_app_clientgrant WHERE revoked_at IS NOT NULL"
    )
    return Measured(
        goal="G20",
        what="refresh tokens shown again after a minute, whose family ends with them",
        promised=f"{families} of {families}",
        reached=f"{refused} refused, {ended} newer tokens dead, {revoked} consents ended",
        holds=refused == ended == revoked == families == len(after),
    )


if __name__ == "__main__":
    print_measured(prove)
