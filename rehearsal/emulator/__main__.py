"""The emulator's process: `python -m rehearsal.emulator <directory>`, which session/launch.py starts."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.emulator.api.api_guard import ApiGuard, Authorizer
from rehearsal.emulator.containers import engine as engines
from rehearsal.emulator.containers import memory_limit, metadata_endpoint, root_filesystem
from rehearsal.emulator.context import Context
from rehearsal.emulator.networking.hosts_file import HostsFile
from rehearsal.emulator.networking.network import Network
from rehearsal.emulator.networking.tls import Certificates
from rehearsal.emulator.oidc import provider
from rehearsal.emulator.patches.rebinding import MiniStackChanged
from rehearsal.emulator.rds import outside
from rehearsal.emulator.rules import settings
from rehearsal.emulator.rules.fault_injection import FaultInjection

if TYPE_CHECKING:
    from rehearsal.emulator.iam.access import Access

RECONCILE_SECONDS = 0.2


def main(directory: Path) -> None:
    """Build the network, correct MiniStack, serve until killed."""
    own = settings.read(directory)
    if own.parent_fd >= 0:
        threading.Thread(target=_die_with_parent, args=(own.parent_fd,), daemon=True).start()
    root_filesystem.write_configuration(directory / "etc")
    context = Context(
        settings=own,
        network=Network(),
        hosts_file=HostsFile(directory / "etc" / "hosts"),
        certificates=Certificates(directory / "tls"),
        faults=FaultInjection(directory),
    )
    context.network.create()
    engine = engines.Engine(context)
    access, reconcile = _correct(engine)

    def vend(token: str) -> dict[str, str] | None:
        role = context.task_roles.find(token)
        return access.vend(role) if role else None

    metadata_endpoint.serve(own, vend, access.keys)
    threading.Thread(target=memory_limit.watch, args=(engine,), name="memory", daemon=True).start()
    context.certificates.authority()
    if own.identity_environment:
        # The load balancer in this process talks to the identity provider too.
        subprocess.run(["mount", "--bind", str(context.hosts_file.file), "/etc/hosts"], check=True)
        provider.serve(context)
    outside.serve(context)
    threading.Thread(target=_keep_in_step, args=(reconcile,), name="reconcile", daemon=True).start()
    asyncio.run(_serve(own, access.authorizer))


def _correct(engine: engines.Engine) -> "tuple[Access, Callable[[], None]]":
    """Apply the corrections, or end with one sentence that says what is missing in MiniStack."""
    from ministack.core.responses import request_scope  # noqa: PLC0415  reads its settings when imported

    own = engine.settings
    try:
        from rehearsal.emulator.iam import access as accesses  # noqa: PLC0415  imports MiniStack
        from rehearsal.emulator.patches import all as patches  # noqa: PLC0415  likewise

        access = accesses.build(own)
        step = patches.apply(engine, access)
    except ImportError as error:
        sys.exit(str(MiniStackChanged(error.msg)))
    except MiniStackChanged as error:
        sys.exit(str(error))

    def reconcile() -> None:
        with request_scope(own.account, own.region):
            step()

    return access, reconcile


def _keep_in_step(reconcile: Callable[[], None]) -> None:
    while True:
        try:
            reconcile()
        except Exception:
            logging.getLogger("emulator").exception("the emulator could not follow a change")
        time.sleep(RECONCILE_SECONDS)


def _die_with_parent(pipe: int) -> None:
    """End the emulator and everything in it when the parent's end of the pipe closes."""
    while os.read(pipe, 1):
        continue
    os._exit(0)


async def _serve(own: settings.Settings, authorizer: Authorizer) -> None:
    # Only the virtualenv of the emulator has these.
    from hypercorn.asyncio import serve  # type: ignore[import-not-found]  # noqa: PLC0415  imported after the corrections
    from hypercorn.config import Config  # type: ignore[import-not-found]  # noqa: PLC0415  likewise
    from ministack.app import app  # noqa: PLC0415  likewise

    config = Config()
    config.bind = [f"fd://{own.gateway_fd}", f"0.0.0.0:{own.gateway_port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(ApiGuard(app, own, authorizer), config)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
