"""User names and passwords: second factors, roles, failures that are counted."""

import httpx
import pytest

from simulator.sign_in.one_time_codes import code_at, is_right
from simulator.sign_in.sealing import is_sealed, opened, sealed
from simulator.world import World
from tests.simulator.admin import ADMIN, changed, made, rows_of
from tests.simulator.conftest import NOW
from tests.simulator.facts import fact
from tests.simulator.flow import bearer, exchange, tokens_of

ABEL = "62826bf03710200044e0bfc8bcbe5df1"
SECRET = "JBSWY3DPEHPK3PXP"
WHO = "/api/now/ui/user/current_user"
MOMENT = int(NOW.timestamp())


async def as_abel(
    http: httpx.AsyncClient, password: str = "demo", **headers: str
) -> httpx.Response:
    return await http.get(WHO, auth=("abel.tuter", password), headers=headers)


async def enrol(http: httpx.AsyncClient) -> None:
    await changed(http, "sys_user", ABEL, enable_multifactor_authn="true")
    await made(http, "user_multifactor_auth", user=ABEL, multifactor_secret=SECRET)


def test_codes_are_those_of_rfc_6238_appendix_b() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, at=59) == "287082"
    assert code_at(secret, at=1111111109) == "081804"


@pytest.mark.parametrize(
    ("code", "secret", "right"),
    [
        (code_at(SECRET, at=MOMENT), SECRET, True),
        (code_at(SECRET, at=MOMENT - 30), SECRET, True),
        (code_at(SECRET, at=MOMENT - 90), SECRET, False),
        ("12345", SECRET, False),
        ("١٢٣٤٥٦", SECRET, False),
        ("123456", "not base 32!", False),
    ],
)
def test_a_code_is_right_for_half_a_minute_and_its_neighbours(
    *, code: str, secret: str, right: bool
) -> None:
    assert is_right(code, secret=secret, at=MOMENT) is right


@fact(
    "A password alone, where a second factor is on, is 401 with the header X-MFA_TOKEN: invalid",
    tag="D REST API",
)
async def test_a_second_factor_is_asked_for(http: httpx.AsyncClient) -> None:
    await enrol(http)
    for password, headers in (
        ("demo", {}),
        ("demo000000", {}),
        ("wrong" + code_at(SECRET, at=MOMENT), {}),
        ("demo", {"X-MFA_TOKEN": "000000"}),
    ):
        answer = await as_abel(http, password, **headers)
        assert answer.status_code == 401
        assert answer.headers["x-mfa_token"] == "invalid"


@fact("A one-time code may follow the password, or stand in the header X-MFA_TOKEN", tag="R")
async def test_the_code_may_follow_the_password_or_stand_in_a_header(
    http: httpx.AsyncClient,
) -> None:
    tokens = await tokens_of(http)
    await enrol(http)
    code = code_at(SECRET, at=MOMENT)
    assert (await as_abel(http, f"demo{code}")).status_code == 200
    assert (await as_abel(http, **{"X-MFA_TOKEN": code})).status_code == 200
    assert (await http.get(WHO, headers=bearer(tokens))).status_code == 200


@fact("A password alone signs nobody in whose second factor is on, whatever the way", tag="R")
async def test_no_way_to_sign_in_does_without_the_code(
    http: httpx.AsyncClient, world: World
) -> None:
    await enrol(http)
    form = {"username": "abel.tuter", "password": "demo"}
    assert (await exchange(http, grant_type="password", **form)).status_code == 401
    assert await signed_in(http, "demo") == "error"
    assert (world.instance.row("sys_user", ABEL) or {})["failed_attempts"] in ("", "0")
    code = code_at(SECRET, at=MOMENT)
    form["password"] += code
    assert (await exchange(http, grant_type="password", **form)).status_code == 200
    assert await signed_in(http, "demo", mfa_code=code) == "success"


async def signed_in(http: httpx.AsyncClient, password: str, **more: str) -> str:
    form = {"user_name": "abel.tuter", "user_password": password, **more}
    answer = await http.post("/angular.do?sysparm_type=view_form.login", data=form)
    return str(answer.json()["status"])


async def test_somebody_without_a_secret_never_passes(http: httpx.AsyncClient) -> None:
    await changed(http, "sys_user", ABEL, enable_multifactor_authn="true")
    assert (await as_abel(http, f"demo{code_at(SECRET, at=MOMENT)}")).status_code == 401


async def test_the_secret_is_not_read_back(http: httpx.AsyncClient) -> None:
    await enrol(http)
    assert SECRET not in str(await rows_of(http, "user_multifactor_auth"))


@fact(
    "Where basic authentication is restricted, a role or web service access only lets one use it",
    tag="D Basic authentication restriction",
)
async def test_basic_may_need_a_role(http: httpx.AsyncClient, world: World) -> None:
    world.switches.basic_auth_role = "snc_basic_auth_api_access"
    assert (await as_abel(http)).status_code == 401
    assert (await http.get(WHO, auth=ADMIN)).status_code == 401
    assert (await http.get(WHO, auth=("monitoring.bot", "demo"))).status_code == 200
    role = world.instance.query("sys_user_role", "name=snc_basic_auth_api_access")[0]["sys_id"]
    world.instance.insert("sys_user_has_role", {"user": ABEL, "role": role})
    assert (await as_abel(http)).status_code == 200


@fact(
    "A property enforces the restriction, and whoever shows a one-time code passes it",
    tag="D Basic authentication restriction",
)
async def test_the_property_restricts_basic_and_a_code_lifts_it(http: httpx.AsyncClient) -> None:
    await enrol(http)
    name = "glide.authenticate.basic_auth.restriction.enforce"
    await made(http, "sys_properties", name=name, value="true")
    assert (await http.get(WHO, auth=("beth.anglin", "demo"))).status_code == 401
    assert (await as_abel(http, f"demo{code_at(SECRET, at=MOMENT)}")).status_code == 200


@fact("A wrong password is counted, and a right one starts the count anew", tag="R")
async def test_failed_passwords_are_counted(http: httpx.AsyncClient, world: World) -> None:
    for _ in range(3):
        assert (await as_abel(http, "wrong")).status_code == 401
    assert (world.instance.row("sys_user", ABEL) or {})["failed_attempts"] == "3"
    assert (await as_abel(http)).status_code == 200
    person = world.instance.row("sys_user", ABEL) or {}
    assert person["failed_attempts"] == "0"
    assert person["last_login"] == "2026-11-20"
    assert person["sys_mod_count"] == "0"


@fact("After enough wrong passwords somebody is locked out, by any way to sign in", tag="R")
async def test_enough_failures_lock_somebody_out(http: httpx.AsyncClient, world: World) -> None:
    world.switches.lockout_after = 5
    form = {"username": "abel.tuter", "password": "wrong"}
    for _ in range(2):
        await as_abel(http, "wrong")
        await exchange(http, grant_type="password", **form)
    assert (await as_abel(http)).status_code == 200
    for _ in range(5):
        await as_abel(http, "wrong")
    assert (await as_abel(http)).status_code == 401
    assert (await exchange(http, grant_type="password", **{**form, "password": "demo"})).is_error
    assert (world.instance.row("sys_user", ABEL) or {})["locked_out"] == "true"


@pytest.mark.parametrize("text", ["s3cret", "ü", "\ud800", "sealed.", "sealed.!!!", "a" * 9000])
def test_what_is_sealed_can_be_opened(text: str) -> None:
    assert opened(sealed(text)) == text
    assert sealed(text) != text
    assert sealed(sealed(text)) == sealed(text)
    assert is_sealed(sealed(text))


def test_nothing_is_sealed_as_nothing() -> None:
    assert sealed("") == ""
    assert opened("") == ""


@pytest.mark.parametrize("stored", ["in clear", "sealed.AAAA", "sealed.ü"])
def test_what_was_stored_in_clear_is_the_secret_itself(stored: str) -> None:
    assert opened(stored) == stored
