"""One self-signed certificate for every front of the bed."""

import ssl
import subprocess
from pathlib import Path


def server_context(directory: Path) -> ssl.SSLContext:
    """A server's TLS context, with a certificate made on first use."""
    key, certificate = directory / "front.key", directory / "front.crt"
    if not certificate.exists():
        directory.mkdir(parents=True, exist_ok=True)
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*command, *files, "-days", "30", "-subj", "/CN=bed"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
