"""A certificate for `python -m simulator --tls`, and the authority that clients must trust for it.

Both are made on this machine. The authority's private key is never written anywhere: nobody can
make another certificate that clients who trust it would accept.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")

_LIFE = timedelta(days=365)
_SPARE = timedelta(days=1)


@dataclass(frozen=True)
class TlsFiles:
    """`authority` is what clients trust, `chain` and `private_key` what the server shows."""

    authority: Path
    chain: Path
    private_key: Path


def tls_files(directory: Path, *, names: Sequence[str], now: datetime) -> TlsFiles:
    """The files in a directory, made if they are missing, soon to expire or for other names.

    `names` are host names and addresses beside those of this machine; `now` is aware. Raises
    OSError where the directory cannot be written.
    """
    files = TlsFiles(directory / "authority.pem", directory / "chain.pem", directory / "server.key")
    wanted = tuple(dict.fromkeys((*LOCAL_NAMES, *names)))
    if not _are_good(files, wanted, now):
        directory.mkdir(parents=True, exist_ok=True)
        _make(files, wanted, now)
    return files


def _are_good(files: TlsFiles, names: Sequence[str], now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(files.chain.read_bytes())
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    is_fresh = now + _SPARE < certificate.not_valid_after_utc
    is_whole = files.authority.exists() and files.private_key.exists()
    return is_fresh and is_whole and set(extension.value) >= set(_general_names(names))


def _make(files: TlsFiles, names: Sequence[str], now: datetime) -> None:
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _authority(authority_key, now)
    server = _server(server_key, authority, authority_key, names=names)
    pem = serialization.Encoding.PEM
    files.authority.write_bytes(authority.public_bytes(pem))
    files.chain.write_bytes(server.public_bytes(pem) + authority.public_bytes(pem))
    files.private_key.touch(mode=0o600)
    files.private_key.write_bytes(
        server_key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _authority(private_key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _name("Simulated ServiceNow instance, certificate authority")
    identifier = x509.SubjectKeyIdentifier.from_public_key(private_key.public_key())
    return (
        _builder(private_key, subject=name, issuer=name, begins=now - _SPARE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(private_key, hashes.SHA256())
    )


def _server(
    private_key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    *,
    names: Sequence[str],
) -> x509.Certificate:
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    alternatives = x509.SubjectAlternativeName(list(_general_names(names)))
    return (
        _builder(
            private_key,
            subject=_name("Simulated ServiceNow instance"),
            issuer=authority.subject,
            begins=authority.not_valid_before_utc,
        )
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    private_key: ec.EllipticCurvePrivateKey,
    *,
    subject: x509.Name,
    issuer: x509.Name,
    begins: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _LIFE)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_names(names: Sequence[str]) -> Iterator[x509.GeneralName]:
    """Addresses as such, everything else as a host name; 0.0.0.0 and :: are nobody's address."""
    for name in names:
        address = None
        with suppress(ValueError):
            address = ipaddress.ip_address(name)
        if address is None:
            yield x509.DNSName(name)
        elif not address.is_unspecified:
            yield x509.IPAddress(address)
