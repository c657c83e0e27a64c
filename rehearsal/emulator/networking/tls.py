"""Certificates of the emulator: a self-signed one for its database, and an authority for its sites."""

import ssl
import subprocess
import threading
from pathlib import Path

AUTHORITY_NAME = "authority.crt"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
DAYS = "30"

_lock = threading.Lock()


def server_context(directory: Path) -> ssl.SSLContext:
    """A server's TLS context, with a certificate made on first use."""
    return _context(directory, "front", "emulator")


def site_context(directory: Path, name: str) -> ssl.SSLContext:
    """The TLS context of a site with this host name, certified by the emulator's authority."""
    authority(directory)
    signed = ["-CA", str(directory / AUTHORITY_NAME), "-CAkey", str(directory / "authority.key")]
    for extension in (f"subjectAltName=DNS:{name}", "basicConstraints=critical,CA:FALSE"):
        signed += ["-addext", extension]
    return _context(directory, f"site-{name}", name, *signed)


def authority(directory: Path) -> Path:
    """The certificate of the emulator's authority, made on first use; whoever trusts it trusts its sites."""
    _make(directory, "authority", "Rehearsal", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    return directory / AUTHORITY_NAME


def _context(directory: Path, stem: str, subject: str, *options: str) -> ssl.SSLContext:
    _make(directory, stem, subject, *options)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / f"{stem}.crt", directory / f"{stem}.key")
    return context


def _make(directory: Path, stem: str, subject: str, *options: str) -> None:
    key, certificate = directory / f"{stem}.key", directory / f"{stem}.crt"
    with _lock:
        if certificate.exists():
            return
        directory.mkdir(parents=True, exist_ok=True)
        files = ["-keyout", str(key), "-out", str(certificate)]
        command = ["openssl", "req", "-x509", *NEW_KEY, *files, "-days", DAYS, "-subj", f"/CN={subject}", *options]
        subprocess.run(command, check=True, capture_output=True)
