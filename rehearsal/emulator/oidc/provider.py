"""An identity provider in the emulator: an OpenID Connect server under names that containers trust."""

import json
import socket
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from rehearsal.emulator.context import Context
from rehearsal.emulator.networking import http_proxy, request_origin
from rehearsal.emulator.networking.http_proxy import ForwardTo, Route
from rehearsal.emulator.rules.settings import Settings

PROGRAM = Path(__file__).with_name("server.py")
"""Not imported: its requirements are in a virtualenv of their own."""
INNER_PORT = 9400
START_SECONDS = 60
POLL_SECONDS = 0.05
HTTPS_PORT = 443
TRUST_FILE = "/etc/rehearsal-authority.crt"
"""Where containers find the certificate of the emulator's authority."""
TRUST = {"REQUESTS_CA_BUNDLE": TRUST_FILE, "SSL_CERT_FILE": TRUST_FILE}
"""The variables that make programs in containers trust it."""


def serve(context: Context) -> None:
    """Answer under every name of the identity provider from now on."""
    settings = context.settings
    _start(settings)
    for name in settings.identity_hosts:
        address = context.network.add_address(f"identity provider {name}")
        listener = socket.create_server((address, HTTPS_PORT), backlog=128)
        tls = context.certificates.server_context(name)
        http_proxy.serve(listener, HTTPS_PORT, partial(_route, settings.identity_hosts), tls)
        context.hosts_file.put(f"identity provider {name}", [(address, name)])


def _route(hosts: tuple[str, ...], method: str, _path: str, headers: Mapping[str, str]) -> Route:
    """Refuse what is not for its own pages or a link to them: a page elsewhere could add users."""
    host = next((value for name, value in headers.items() if name.lower() == "host"), "")
    refused = request_origin.refusal(method, headers, named=request_origin.host_of(host) in hosts)
    return refused or ForwardTo(address="127.0.0.1", port=INNER_PORT)


def _start(settings: Settings) -> None:
    """Start the provider's program and wait until it listens."""
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
