"""The JWT bearer grant: what an assertion must be, and every way it is refused."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from simulator.oauth.codes import KEPT_ASSERTIONS, SeenAssertions
from simulator.world import World
from tests.simulator.admin import changed, made
from tests.simulator.conftest import NOW
from tests.simulator.facts import fact
from tests.simulator.flow import REFUSED, bearer, current_user, exchange

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PAGE = "D Configure an OAuth JSON web token bearer grant"
SHARED = "a shared key of some length, 0123456789"
MOMENT = int(NOW.timestamp())
SIGNER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())


def _part(content: object) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signature(text: bytes, by: object) -> bytes:
    if isinstance(by, rsa.RSAPrivateKey):
        return by.sign(text, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(by, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(by.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert isinstance(by, str)
    code = hmac.HMAC(by.encode(), hashes.SHA256())
    code.update(text)
    return code.finalize()


def assertion(client_id: str, *, by: object = SIGNER, alg: str = "RS256", **changes: Any) -> str:
    """A right assertion but for the changes; None leaves a claim (or `kid`) out."""
    header = {"typ": "JWT", "alg": alg, "kid": changes.pop("kid", "the-kid")}
    claims = {
        "iss": client_id,
        "aud": client_id,
        "sub": "abel.tuter@example.com",
        "iat": MOMENT,
        "exp": MOMENT + 300,
        "jti": "first",
        **changes,
    }
    parts = [
        _part({name: value for name, value in facts.items() if value is not None})
        for facts in (header, claims)
    ]
    text = ".".join(parts)
    return f"{text}.{_part(signature(text.encode(), by))}"


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
    made_one = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(SIGNER.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=10))
        .sign(SIGNER, hashes.SHA256())
    )
    return made_one.public_bytes(Encoding.PEM).decode()


def public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    content = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return content.decode()


@pytest.fixture
async def client(http: httpx.AsyncClient) -> dict[str, str]:
    """A registry of the JWT kind with a certificate, as setup scripts make it."""
    registry = await made(
        http,
        "oauth_jwt",
        name="Assertions",
        client_id="jwt-client",
        client_secret="jwt-secret",
        enable_jti_verification="true",
        inbound_grant_type="jwt",
    )
    kept = await made(http, "sys_certificate", name="Signer", pem_certificate=certificate())
    await made(
        http,
        "jwt_verifier_map",
        name="Verifier",
        oauth_jwt=registry["sys_id"],
        sys_certificate=kept["sys_id"],
        kid="the-kid",
    )
    return {"sys_id": registry["sys_id"], "certificate": kept["sys_id"]}


async def granted(http: httpx.AsyncClient, given: str, **changes: str | None) -> httpx.Response:
    fields: dict[str, str | None] = {
        "grant_type": GRANT,
        "client_id": "jwt-client",
        "client_secret": "jwt-secret",
        "redirect_uri": None,
        "assertion": given,
        **changes,
    }
    return await exchange(http, **fields)


@fact(
    "A JWT bearer grant acts as the person the assertion names and gives no refresh token", tag="C"
)
async def test_an_assertion_gives_a_token_of_the_person_it_names(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    response = await granted(http, assertion("jwt-client"))
    assert response.status_code == 200
    tokens = response.json()
    assert "refresh_token" not in tokens
    who = await current_user(http, headers=bearer(tokens))
    assert who.json()["result"]["user_name"] == "abel.tuter"


@fact("A client may send its assertion in a header named Authentication", tag="C PySNC")
async def test_an_assertion_may_stand_in_the_header_authentication(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    form = {"grant_type": GRANT, "client_id": "jwt-client", "client_secret": "jwt-secret"}
    header = {"Authentication": f"Bearer {assertion('jwt-client')}"}
    response = await http.post("/oauth_token.do", data=form, headers=header)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"by": OTHER},
        {"kid": "another-kid"},
        {"iss": "another-client"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"sub": "nobody@example.com"},
        {"sub": ""},
        {"sub": None},
        {"sub": ["abel.tuter@example.com"]},
        {"sub": "javascript:gs.getUserID()"},
        {"exp": MOMENT - 300},
        {"exp": None},
        {"exp": "soon"},
        {"exp": float("nan")},
        {"nbf": MOMENT + 301},
        {"iat": MOMENT + 301},
        {"jti": None},
        {"jti": 7},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS1024"},
        {"by": SHARED, "alg": "HS256"},
    ],
)
@fact("An assertion must be signed, for this client, of a person, within its time", tag=PAGE)
async def test_an_assertion_that_is_wrong_in_one_way_is_refused(
    http: httpx.AsyncClient, client: dict[str, str], changes: dict[str, Any]
) -> None:
    response = await granted(http, assertion("jwt-client", **changes))
    assert (response.status_code, response.json()) == (401, REFUSED)


@pytest.mark.parametrize(
    "given", ["", "a", "a.b", "a.b.c", "a.b.c.d", "W10.W10.W10", "....", "e30.e30.ü", "x" * 20_000]
)
async def test_what_is_no_assertion_is_refused(
    http: httpx.AsyncClient, client: dict[str, str], given: str
) -> None:
    assert (await granted(http, given)).json() == REFUSED


@fact("With JTI verification an assertion is good once", tag=PAGE)
async def test_an_assertion_is_good_once(http: httpx.AsyncClient, client: dict[str, str]) -> None:
    given = assertion("jwt-client")
    assert (await granted(http, given)).status_code == 200
    assert (await granted(http, given)).json() == REFUSED
    assert (await granted(http, assertion("jwt-client", jti="second"))).status_code == 200


@fact("The clock skew of the registry is allowed for", tag=PAGE)
async def test_clocks_may_differ_by_the_clock_skew(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    late = assertion("jwt-client", exp=MOMENT - 299)
    assert (await granted(http, late)).status_code == 200
    await changed(http, "oauth_jwt", client["sys_id"], clock_skew="0")
    strict = assertion("jwt-client", exp=MOMENT - 1, jti="again")
    assert (await granted(http, strict)).status_code == 401


@fact("The claim sub is looked up in the user field of the registry", tag=PAGE)
async def test_the_user_field_says_where_sub_is_looked_up(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    await changed(http, "oauth_jwt", client["sys_id"], user_field="user_name")
    by_name = assertion("jwt-client", sub="beth.anglin")
    assert (await granted(http, by_name)).status_code == 200
    await changed(http, "oauth_jwt", client["sys_id"], user_field="user_password")
    hashed = assertion("jwt-client", sub="beth.anglin", jti="other")
    assert (await granted(http, hashed)).status_code == 401


@fact("The JWT bearer grant refuses to act as an administrator", tag="C")
async def test_no_assertion_makes_an_administrator(
    http: httpx.AsyncClient, world: World, client: dict[str, str]
) -> None:
    asked = {"sub": "admin@example.com"}
    assert (await granted(http, assertion("jwt-client", **asked))).json() == REFUSED
    world.switches.jwt_for_admins = True
    again = assertion("jwt-client", **asked, jti="again")
    assert (await granted(http, again)).status_code == 200


@pytest.mark.parametrize("trait", [{"active": "false"}, {"locked_out": "true"}])
async def test_whoever_is_not_served_is_not_asserted(
    http: httpx.AsyncClient, world: World, client: dict[str, str], trait: dict[str, str]
) -> None:
    world.instance.update("sys_user", "62826bf03710200044e0bfc8bcbe5df1", trait)
    assert (await granted(http, assertion("jwt-client"))).json() == REFUSED


@pytest.mark.parametrize("change", [{"client_secret": "wrong"}, {"client_secret": None}])
@fact("The JWT bearer grant wants the client's secret too", tag="C")
async def test_an_assertion_does_not_stand_for_the_secret(
    http: httpx.AsyncClient, client: dict[str, str], change: dict[str, str | None]
) -> None:
    assert (await granted(http, assertion("jwt-client"), **change)).json() == REFUSED


async def test_an_ordinary_client_takes_no_assertion(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    registry = await made(http, "oauth_entity", name="Plain", client_secret="secret")
    client_id = registry["client_id"]
    response = await granted(
        http, assertion(client_id), client_id=client_id, client_secret="secret"
    )
    assert response.json() == REFUSED


async def test_a_retired_certificate_signs_for_nobody(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    await changed(http, "sys_certificate", client["certificate"], active="false")
    assert (await granted(http, assertion("jwt-client"))).json() == REFUSED


@pytest.mark.parametrize(("by", "alg"), [(CURVE, "ES256"), (SHARED, "HS256")])
@fact("Assertions may be signed on a curve or with a shared key", tag=PAGE)
async def test_curves_and_shared_keys_sign_too(
    http: httpx.AsyncClient, client: dict[str, str], by: object, alg: str
) -> None:
    values = {"oauth_jwt": client["sys_id"], "kid": "another"}
    if isinstance(by, str):
        values["shared_key"] = by
    else:
        pem = public_pem(CURVE)
        kept = await made(http, "sys_certificate", name="Curve", pem_certificate=pem)
        values["sys_certificate"] = kept["sys_id"]
    await made(http, "jwt_verifier_map", **values)
    given = assertion("jwt-client", by=by, alg=alg, kid="another")
    assert (await granted(http, given)).status_code == 200


async def test_without_jti_verification_an_assertion_is_good_until_it_ends(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    await changed(http, "oauth_jwt", client["sys_id"], enable_jti_verification="false")
    given = assertion("jwt-client", jti=None)
    assert (await granted(http, given)).status_code == 200
    assert (await granted(http, given)).status_code == 200


async def test_a_certificate_that_is_none_verifies_nothing(
    http: httpx.AsyncClient, client: dict[str, str]
) -> None:
    await changed(http, "sys_certificate", client["certificate"], pem_certificate="not PEM")
    assert (await granted(http, assertion("jwt-client"))).json() == REFUSED


def test_only_so_many_used_assertions_are_remembered() -> None:
    seen = SeenAssertions(now=lambda: 0)
    assert all(seen.is_new("client", str(jti), until=1) for jti in range(KEPT_ASSERTIONS + 1))
    assert seen.is_new("client", "0", until=1)
    assert not seen.is_new("client", "5", until=1)
