"""Certificates of the emulator: an authority, and what it certifies of sites and databases."""

import ssl
import subprocess
import threading
from pathlib import Path

AUTHORITY_NAME = "authority.crt"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
DAYS = "30"
COMMON_NAME_LENGTH = 64
"""The longest that X.509 takes; clients read the whole name among the alternative ones."""


class Certificates:
    """The keys and certificates in a directory, each made on first use."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()

    def server_context(self, name: str) -> ssl.SSLContext:
        """Return the TLS context of a site or database with this host name, certified by the emulator's authority."""
        signed = ["-CA", str(self.authority()), "-CAkey", str(self._directory / "authority.key")]
        for extension in (f"subjectAltName=DNS:{name}", "basicConstraints=critical,CA:FALSE"):
            signed += ["-addext", extension]
        return self._context(name, *signed)

    def authority(self) -> Path:
        """Return the certificate of the emulator's authority; a client that trusts it trusts the emulator's sites."""
        self._make("authority", "Rehearsal", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return self._directory / AUTHORITY_NAME

    def _context(self, name: str, *options: str) -> ssl.SSLContext:
        stem = f"server-{name}"
        self._make(stem, name[:COMMON_NAME_LENGTH], *options)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._directory / f"{stem}.crt", self._directory / f"{stem}.key")
        return context

    def _make(self, stem: str, subject: str, *options: str) -> None:
        key, certificate = self._directory / f"{stem}.key", self._directory / f"{stem}.crt"
        with self._lock:
            if certificate.exists():
                return
            self._directory.mkdir(parents=True, exist_ok=True)
            files = ["-keyout", str(key), "-out", str(certificate)]
            command = ["openssl", "req", "-x509", *NEW_KEY, *files, "-days", DAYS, "-subj", f"/CN={subject}", *options]
            subprocess.run(command, check=True, capture_output=True)
