"""The certificate of `--tls`: who trusts it, for which names, and when it is made anew."""

import ssl
import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.__main__ import announcement
from simulator.options import options
from simulator.tls import TlsFiles, tls_files

NOW = datetime.now(UTC)  # the handshakes below look at the machine's clock


def made(directory: Path, *names: str, now: datetime = NOW) -> TlsFiles:
    return tls_files(directory, names=names, now=now)


def shake_hands(files: TlsFiles, *, name: str) -> None:
    """A whole TLS handshake in memory, by a client that trusts the authority only."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(files.chain, files.private_key)
    client_side = ssl.create_default_context(cafile=str(files.authority))
    client_side.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            _advance(side)


def _advance(side: ssl.SSLObject) -> None:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "192.0.2.7", "dev1.example.com"])
def test_clients_that_trust_the_authority_accept_the_certificate(tmp_path: Path, name: str) -> None:
    shake_hands(made(tmp_path, "192.0.2.7", "dev1.example.com"), name=name)


def test_the_certificate_is_for_no_other_name(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(made(tmp_path), name="elsewhere.example.com")


def test_the_certificate_of_another_start_is_not_accepted(tmp_path: Path) -> None:
    first, second = made(tmp_path / "first"), made(tmp_path / "second")
    mixed = TlsFiles(second.authority, first.chain, first.private_key)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(mixed, name="localhost")


def test_an_address_that_means_every_address_is_not_in_it(tmp_path: Path) -> None:
    files = made(tmp_path, "0.0.0.0", "::")
    shake_hands(files, name="localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, name="0.0.0.0")


def test_only_its_owner_may_read_the_private_key(tmp_path: Path) -> None:
    files = made(tmp_path)
    assert stat.S_IMODE(files.private_key.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in files.authority.read_bytes() + files.chain.read_bytes()


def chains(tmp_path: Path, *starts: tuple[Sequence[str], datetime]) -> list[bytes]:
    """The chain after each of several starts with one directory."""
    return [made(tmp_path, *names, now=now).chain.read_bytes() for names, now in starts]


def test_a_certificate_is_used_again_while_it_lasts(tmp_path: Path) -> None:
    first, second = chains(tmp_path, ((), NOW), ((), NOW + timedelta(days=300)))
    assert first == second


def test_a_certificate_is_made_anew_before_it_expires(tmp_path: Path) -> None:
    first, second = chains(tmp_path, ((), NOW), ((), NOW + timedelta(days=364)))
    assert first != second


def test_a_certificate_is_made_anew_for_another_name(tmp_path: Path) -> None:
    first, second, third = chains(
        tmp_path, ((), NOW), (("dev1.example.com",), NOW), (("localhost",), NOW)
    )
    assert first != second
    assert second == third


@pytest.mark.parametrize("broken", ["authority", "chain", "private_key"])
def test_what_is_missing_or_broken_is_made_anew(tmp_path: Path, broken: str) -> None:
    path: Path = getattr(made(tmp_path), broken)
    if broken == "chain":
        path.write_bytes(b"nonsense")
    else:
        path.unlink()
    shake_hands(made(tmp_path), name="localhost")


def test_the_start_says_what_clients_must_trust(tmp_path: Path) -> None:
    files = made(tmp_path)
    text = announcement(options(["--tls"]), port=4711, certificate=files)
    assert "https://127.0.0.1:4711" in text
    assert str(files.authority) in text


@pytest.mark.parametrize("option", [["--tls-directory", "x"], ["--tls-name", "dev1.example.com"]])
def test_what_is_about_tls_needs_it(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(option)
    assert "--tls" in capsys.readouterr().err
