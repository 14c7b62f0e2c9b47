"""JSON Web Tokens: what verifies a signature, and what does not."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator.oauth.jwt import NotAToken, public_key_of, read_token, signed_token
from tests.simulator.test_oauth_jwt_bearer import CURVE, SIGNER, assertion

WIDER = ec.generate_private_key(ec.SECP384R1())


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    content = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return content.decode()


def test_what_is_signed_here_verifies_here() -> None:
    token = read_token(signed_token({"sub": "me"}, signer=SIGNER, kid="one"))
    assert token.is_signed_by(SIGNER.public_key())
    assert (token.header["kid"], token.claims) == ("one", {"sub": "me"})


def test_a_public_key_is_never_a_shared_one() -> None:
    public = pem(SIGNER)
    forged = read_token(assertion("client", by=public, alg="HS256"))
    assert not forged.is_signed_by(SIGNER.public_key())
    assert not read_token(assertion("client")).is_signed_by(public.encode())


@pytest.mark.parametrize("alg", ["ES384", "RS256", "HS256", "none", "", "ES"])
def test_an_algorithm_that_is_not_the_keys_verifies_nothing(alg: str) -> None:
    token = read_token(assertion("client", by=CURVE, alg=alg))
    assert not token.is_signed_by(CURVE.public_key())


def test_a_signature_of_another_curve_is_none() -> None:
    token = read_token(assertion("client", by=CURVE, alg="ES256"))
    assert token.is_signed_by(CURVE.public_key())
    assert not token.is_signed_by(WIDER.public_key())


def test_a_signature_cut_short_is_none() -> None:
    head, claims, signature = assertion("client", by=CURVE, alg="ES256").split(".")
    assert not read_token(f"{head}.{claims}.{signature[:20]}").is_signed_by(CURVE.public_key())
    assert not read_token(f"{head}.{claims}.").is_signed_by(CURVE.public_key())


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nx", "no key", "ü", pem(SIGNER)])
def test_a_key_is_read_or_there_is_none(text: str) -> None:
    assert (public_key_of(text) is not None) == text.startswith("-----BEGIN PUBLIC")


def test_a_key_of_another_kind_is_none() -> None:
    assert public_key_of(pem(ed25519.Ed25519PrivateKey.generate())) is None


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "W10.e30.", "e30.W10.", "!!!.???."])
def test_a_text_of_another_shape_is_no_token(text: str) -> None:
    with pytest.raises(NotAToken):
        read_token(text)
