"""An identity provider on the emulator's internet: an OpenID Connect server under names that it trusts."""

import json
import socket
import subprocess
import time
from pathlib import Path

from rehearsal.emulator.networking import http_proxy, network, tls
from rehearsal.emulator.networking.hosts_file import Names
from rehearsal.emulator.networking.http_proxy import ForwardTo
from rehearsal.emulator.rules.settings import Settings

PROGRAM = Path(__file__).with_name("server.py")
"""Not imported: what it needs is in another environment."""
INNER_PORT = 9400
START_SECONDS = 60
POLL_SECONDS = 0.05
HTTPS_PORT = 443
TRUST_FILE = "/etc/rehearsal-authority.crt"
"""Where containers find the certificate of the emulator's authority."""
TRUST = {"REQUESTS_CA_BUNDLE": TRUST_FILE, "SSL_CERT_FILE": TRUST_FILE}
"""How programs in containers are told to trust it, as AWS_ENDPOINT_URL tells them where AWS is."""


def serve(settings: Settings, names: Names) -> None:
    """Answer for every name of the identity provider from now on."""
    _start(settings)
    for name in settings.identity_hosts:
        address = network.add_address()
        door = socket.create_server((address, HTTPS_PORT), backlog=128)
        context = tls.site_context(settings.path / "tls", name)
        http_proxy.serve(door, HTTPS_PORT, lambda *_: ForwardTo("127.0.0.1", INNER_PORT), context)
        names.say(f"identity provider {name}", [(address, name)])


def _start(settings: Settings) -> None:
    """Start the provider's program and wait until it listens: somebody may ask for it at once."""
    python = Path(settings.identity_environment) / "bin" / "python"
    with (settings.path / "identity.log").open("ab") as log:
        program = subprocess.Popen(  # ends with the emulator's namespaces
            [
                python,
                PROGRAM,
                str(INNER_PORT),
                settings.identity_issuer,
                json.dumps(settings.identity_aliases),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    end = time.monotonic() + START_SECONDS
    while program.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", INNER_PORT)).close()
        except ConnectionRefusedError:
            time.sleep(POLL_SECONDS)
        else:
            return
    raise RuntimeError("the identity provider does not come up; identity.log says why")
