"""Clients of ServiceNow by others, unchanged, against the simulator over HTTP and HTTPS.

Each of `scripts/` uses one client as its documentation does, in an environment without this
project (`environment.py`); each function there is a test here. The clients take the simulator's
certificate from `REQUESTS_CA_BUNDLE` or `SSL_CERT_FILE` and, where they make the address from the
name of an instance, reach it through a proxy. Nothing of them is patched.

* pysnc (ServiceNow's own) takes `https://` only. Its extra `oauth` wants requests-oauthlib 2 and
  pysnow wants 1.3: here it runs with 1.3.
* aiosnow 0.6 installs and runs, with the marshmallow 3 that it pins.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.foreign_clients.running import names_in

OVER_BOTH = ("pysnow_records", "pysnow_legacy", "pysnow_oauth", "aiosnow_records", "oauth_grants")
OVER_HTTPS = ("pysnc_records", "pysnc_writes", "pysnc_attachments", "pysnc_sign_in", "pysnc_async")

Outcomes = Callable[[str, str], dict[str, str]]


def _shown() -> Iterator[tuple[str, str, str]]:
    for script in (*OVER_BOTH, *OVER_HTTPS):
        for scheme in ("http", "https") if script in OVER_BOTH else ("https",):
            for name in names_in(script):
                yield scheme, script, name


@pytest.mark.real_servers
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("scheme", "script", "name"), list(_shown()))
def test_a_client_by_others(outcomes: Outcomes, scheme: str, script: str, name: str) -> None:
    found = outcomes(scheme, script)
    assert name in found, found.get("import", "")
    assert not found[name], found[name]
