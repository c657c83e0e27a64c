"""The asynchronous driver verifies the server as the other one does; the authorities are RDS's, each for its region."""

import importlib
import re
import ssl
from pathlib import Path

import pytest

from runtime.database_tls import connect_args

AUTHORITIES = Path(connect_args.__file__).with_name("authorities")
ALGORITHMS = ("ECC384", "RSA2048", "RSA4096")


@pytest.mark.parametrize("file", sorted(AUTHORITIES.iterdir()), ids=lambda file: file.stem)
def test_the_authorities_of_a_region_are_its_own(file: Path) -> None:
    """The three that RDS has, by their names; each has signed itself, and lasts."""
    context = ssl.create_default_context(cafile=str(file))
    found = context.get_ca_certs()
    assert context.cert_store_stats() == {"x509": 3, "crl": 0, "x509_ca": 3}
    names = sorted(_common_name(certificate["subject"]) for certificate in found)
    assert names == [f"Amazon RDS {file.stem} Root CA {algorithm} G1" for algorithm in ALGORITHMS]
    for certificate in found:
        assert certificate["subject"] == certificate["issuer"]
        assert int(str(certificate["notAfter"]).split()[3]) > 2060


def _common_name(subject: object) -> str:
    (name,) = re.findall(r"'commonName', '([^']+)'", str(subject))
    return str(name)


def test_the_driver_verifies_name_and_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the container has authorities: no other certificate of the machine counts."""
    monkeypatch.setenv("DB_SSL_MODE", "verify-full")
    monkeypatch.setenv("DB_SSL_ROOT_CERT", str(AUTHORITIES / "us-west-2.pem"))
    context = importlib.reload(connect_args).ASYNC["ssl"]
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert len(context.get_ca_certs()) == 3


def test_without_authorities_every_server_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypted all the same, by the driver of either engine."""
    monkeypatch.delenv("DB_SSL_ROOT_CERT", raising=False)
    context = importlib.reload(connect_args).ASYNC["ssl"]
    assert isinstance(context, ssl.SSLContext)
    assert not context.check_hostname
    assert context.verify_mode == ssl.CERT_NONE
