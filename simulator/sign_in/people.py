"""Who may sign in and who is served, and what a wrong password leads to."""

from datetime import UTC

from simulator.instance import Row
from simulator.sign_in import passwords
from simulator.sign_in.one_time_codes import DIGITS, is_right
from simulator.sign_in.sealing import opened
from simulator.world import World

_BRIEF = ("sys_id", "user_name", "active", "locked_out", "web_service_access_only")
_SELECT = f"""
SELECT {", ".join(f'"{name}"' for name in _BRIEF)} FROM "sys_user" WHERE "sys_id" = ?
"""  # noqa: S608  # fixed names


def known_person(world: World, sys_id: str) -> Row | None:
    """What every API call asks of the person it is from: a few fields of their record."""
    rows = world.instance.store.rows(_SELECT, (sys_id,))
    return dict(zip(_BRIEF, rows[0], strict=True)) if rows else None


def may_sign_in(person: Row) -> bool:
    """Active, not locked out, and allowed an interactive session."""
    return is_served(person) and person["web_service_access_only"] != "true"


def is_served(person: Row) -> bool:
    """Active and not locked out: whoever is not gets no answer from the API."""
    return person["active"] == "true" and person["locked_out"] != "true"


def needs_code(person: Row) -> bool:
    """Whether a password alone does not do: multi-factor authentication is on."""
    return person["enable_multifactor_authn"] == "true"


def proven_person(world: World, *, user_name: str, password: str, code: str = "") -> Row | None:
    """The person with this user name if the password is theirs; a wrong one is counted.

    Of somebody with multi-factor authentication the one-time code is asked for too: `code`, or
    the end of the password.
    """
    person = world.instance.find_user(user_name) if user_name else None
    if person is None:
        return None
    first = password
    if needs_code(person) and not code:
        first, code = password[:-DIGITS], password[-DIGITS:]
    if not passwords.matches(first, kept=person["user_password"]):
        if not passwords.matches(password, kept=person["user_password"]):
            _count_failure(world, person)
        return None
    if needs_code(person) and not _shows_code(world, person, code):
        return None
    _forgive(world, person)
    return person


def _shows_code(world: World, person: Row, code: str) -> bool:
    rows = world.instance.store.rows(
        'SELECT "multifactor_secret" FROM "user_multifactor_auth" WHERE "user" = ?',
        (person["sys_id"],),
    )
    now = world.clock.timestamp()
    return any(is_right(code, secret=opened(kept), at=now) for (kept,) in rows)


def _forgive(world: World, person: Row) -> None:
    """A right password: it counts from the start, and the day is noted."""
    today = world.instance.clock().astimezone(UTC).strftime("%Y-%m-%d")
    failed = person["failed_attempts"] not in ("", "0")
    if failed or person["last_login"] != today:
        changes = {"last_login": today, "last_login_time": world.instance.now()}
        _note(world, person, {**changes, **({"failed_attempts": "0"} if failed else {})})


def _count_failure(world: World, person: Row) -> None:
    failed = int(person["failed_attempts"] or 0) + 1
    changes = {"failed_attempts": str(failed)}
    if 0 < world.switches.lockout_after <= failed:
        changes["locked_out"] = "true"
    _note(world, person, changes)


def _note(world: World, person: Row, changes: dict[str, str]) -> None:
    """Change what is noted about somebody; that is no update of their record by anybody."""
    columns = ", ".join(f'"{name}" = ?' for name in changes)
    world.instance.store.write(
        f'UPDATE "sys_user" SET {columns} WHERE "sys_id" = ?',  # noqa: S608  # fixed names
        (*changes.values(), person["sys_id"]),
    )
