"""Whoever gets a dump of the database or of Redis, a log or a page, gets no secret with it.

A whole site: people get one of every kind of credential and use it well and badly, the simulator
fails, the database goes away and comes back, Celery refreshes. Then every secret that was ever
issued, typed or configured is looked for, in every form it may be written in, in whatever the site
has left behind. `python -m proofs.secrets_scan` runs it alone, in full.
"""

import asyncio
import base64
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from proofs.alone import print_measured
from proofs.canaries import found_in, missed
from proofs.credentials import Person, shared_web
from proofs.dumps import RedisListener, dump_of
from proofs.leaving_traces import (
    Traces,
    admin_pages,
    during_an_outage,
    go_wrong,
    use_everything,
    use_reconnect_tokens,
)
from proofs.measured import Measured, Scale
from proofs.operators import Operator
from proofs.site import Site, Worker, running_site
from snmcp_project.demo.site import OPERATOR
from snmcp_project.demo.startup import CELERY, MANAGE

_PEOPLE: Final = (
    *("abel.tuter", "beth.anglin", "charlie.whitherspoon", "fred.luddy", "david.loo"),
    *("bow.ruggeri", "don.goodliffe", "nadia.okafor"),
)
_PATIENCE_SECONDS: Final = 40.0
Secrets = Mapping[str, Iterable[str]]


def prove(scale: Scale) -> Iterable[Measured]:
    """Leave traces, then look for secrets in them."""
    signing = base64.b64encode(secrets.token_bytes(32)).decode()
    settings = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "AUDIT_SIGNING_KEY": signing}
    with running_site(settings) as site:
        site.manage("ensure_operator", OPERATOR)
        listener = RedisListener(site.demo.redis_directory)
        command = (*MANAGE, "serve", "--host=127.0.0.1", f"--port={site.demo.port}")
        site.start(Worker("server", site.demo.address, command))
        worker = [*CELERY, "worker", "--concurrency=1", "--loglevel=DEBUG"]
        site.processes.start("worker", worker)
        people = _PEOPLE[: scale.pick(full=8, short=2)]
        pages = scale.pick(full=400, short=60)
        more = scale.pick(full=12, short=2)
        traces = _leave_traces(site, people, most_pages=pages, more_tokens=more)
        hidden, answers, calls = asyncio.run(traces)
        hidden["audit signing key"] = [signing]
        places = _places(site, listener, answers)
        yield from _searched(hidden, places, calls=calls)
        wanted = len(people) * (1 + more)
        yield _of_reconnect_tokens(hidden["reconnect token"], places, wanted=wanted)


async def _leave_traces(
    site: Site, names: Iterable[str], *, most_pages: int, more_tokens: int
) -> tuple[dict[str, list[str]], dict[str, bytes], int]:
    traces, hidden = Traces(), defaultdict[str, list[str]](list)
    wrong_password, calls = secrets.token_urlsafe(16), 0
    async with shared_web() as web:
        web.event_hooks = {"response": [traces.note_redirect]}
        operator = Operator(site.demo.address, web)
        await operator.sign_in(site.demo.secrets.operator_password)
        for name in names:
            person = Person(site.demo.address, name, web)
            await person.get_everything()
            calls += await use_reconnect_tokens(person, traces, number=more_tokens)
            _hide(hidden, person)
            calls += await use_everything(person, traces)
            await go_wrong(
                person,
                traces,
                wrong_password=wrong_password,
                password=site.demo.secrets.operator_password,
            )
        await asyncio.to_thread(_hide_stored, site, hidden)
        await asyncio.to_thread(_refresh_in_celery, site)
        await asyncio.to_thread(_hide_stored, site, hidden)
        await during_an_outage(site, person, traces)
        _hide(hidden, person)
        pages = await admin_pages(operator, most=most_pages)
    _hide_configured(site, hidden)
    hidden["password somebody mistyped"] = [wrong_password]
    hidden["authorization code"] += traces.codes
    hidden["state"] += traces.states
    hidden["session and CSRF cookies"] += operator.browser.cookies(site.demo.address).values()
    answers = {
        "admin pages": "\n".join(pages).encode(),
        "error pages and answers of /mcp": "\n".join(traces.error_pages).encode(),
    }
    return hidden, answers, calls


def _hide(hidden: dict[str, list[str]], person: Person) -> None:
    hidden["MCP access token"] += person.access
    hidden["MCP refresh token"] += person.refresh
    hidden["reconnect token"] += person.reconnect
    hidden["service principal's secret"].append(person.service_secret)
    hidden["service principal's token"] += person.service_tokens
    hidden["registration token"] += filter(None, [person.registration_token])
    hidden["code verifier"].append(person.verifier)
    hidden["state"] += person.states
    hidden["session and CSRF cookies"] += person.cookies.values()


def _hide_stored(site: Site, hidden: dict[str, list[str]]) -> None:
    stored = json.loads(site.inside("proofs.stored_secrets"))
    for tokens in stored["people"].values():
        hidden["ServiceNow access token"].append(tokens["access"])
        hidden["ServiceNow refresh token"].append(tokens["refresh"])
    hidden["code verifier"] += stored["verifiers"]


def _hide_configured(site: Site, hidden: dict[str, list[str]]) -> None:
    own = site.demo.secrets
    hidden["ServiceNow client secret"] = [own.client_secret]
    hidden["encryption key"] = [own.encryption_key.partition(":")[2]]
    hidden["SECRET_KEY"] = [own.secret_key]
    hidden["operator's password"] = [own.operator_password]


def _refresh_in_celery(site: Site) -> None:
    """Have Celery refresh everybody, while ServiceNow fails once in between."""
    site.instance.add_fault(kind="html_login", path="/oauth_token.do", count=1)
    before = site.rows("SELECT count(*) FROM oauth_app_connection WHERE refreshed_at IS NOT NULL")
    site.database.execute(
        "UPDATE oauth_app_connection SET access_token_expires_at = now(), next_refresh_at = NULL"
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    done = "SELECT count(*) FROM oauth_app_connection WHERE refreshed_at IS NOT NULL"
    site.inside("proofs.queued_tasks")
    while site.rows(done) == before and time.monotonic() < deadline:
        time.sleep(0.2)


def _places(site: Site, listener: RedisListener, answers: dict[str, bytes]) -> dict[str, bytes]:
    logs = {
        file.name: file.read_bytes()
        for file in (site.folder / "logs").iterdir()
        if file.name != "simulator.log"  # ServiceNow's, not ours
    }
    sessions = json.loads(site.inside("proofs.stored_secrets"))["sessions"]
    return {
        "dump of the database": dump_of(site),
        "sessions, decoded": json.dumps(sessions).encode(),
        "Redis, every name and value": listener.stands(),
        "Redis, everything said to it, Celery's messages too": listener.heard(),
        "log of the server, requests and tracebacks": logs.pop("server.log"),
        "log of Celery": logs.pop("worker.log"),
        "other logs and checkpoints": b"\n".join([*logs.values(), *_checkpoints(site.folder)]),
        **answers,
    }


def _checkpoints(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.glob("audit-checkpoints*")]


# What stands in each place, so that it is sure to have been looked at.
_READ: Final = {
    "dump of the database": b"abel.tuter",
    "sessions, decoded": b"connection_id",
    "Redis, every name and value": b"snmcp",
    "Redis, everything said to it, Celery's messages too": b"oauth_app.refresh_expiring",
    "log of the server, requests and tracebacks": b"Traceback",
    "log of Celery": b"oauth_app.refresh_expiring",
    "admin pages": b"abel.tuter",
    "error pages and answers of /mcp": b"<title",
}


def _searched(hidden: Secrets, places: Mapping[str, bytes], *, calls: int) -> Iterable[Measured]:
    hidden = {kind: sorted(set(each)) for kind, each in hidden.items()}
    number = sum(len(list(each)) for each in hidden.values())
    unfound = missed(hidden)
    yield Measured(
        goal="G18",
        what=f"secrets of {len(hidden)} kinds that the search would miss, planted in base64",
        promised=f"0 of {number}",
        reached=f"{len(unfound)} of {number} {', '.join(unfound)}".rstrip(),
        holds=not unfound and all(hidden.values()) and calls > 0,
    )
    for place, text in places.items():
        found = found_in(text, hidden)
        was_read = _READ.get(place, b"") in text
        yield Measured(
            goal="G27" if place == "admin pages" else "G18",
            what=f"{place}: secrets found, of {number} of {len(hidden)} kinds",
            promised="0",
            reached=f"{len(found)} in {len(text):,} bytes {', '.join(found)}".rstrip()
            + ("" if was_read else ", and it does not hold what it must"),
            holds=not found and was_read,
        )


def _of_reconnect_tokens(
    tokens: Iterable[str], places: Mapping[str, bytes], *, wanted: int
) -> Measured:
    every = {f"token {number}": [raw] for number, raw in enumerate(sorted(set(tokens)), 1)}
    found = [place for place, text in places.items() if found_in(text, every)]
    return Measured(
        goal="G15",
        what=f"of {wanted} reconnect tokens in use, half of them revoked since: places that hold"
        " any, among dumps, logs, pages and answers",
        promised=f"0 of {len(places)}",
        reached=f"{len(found)} of {len(places)}, {len(every)} tokens {', '.join(found)}".strip(),
        holds=not found and len(every) == wanted,
    )


if __name__ == "__main__":
    print_measured(prove)
