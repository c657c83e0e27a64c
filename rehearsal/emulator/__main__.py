"""The emulator itself: `python -m rehearsal.emulator <directory>`, started in its namespaces by emulator_session."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rehearsal.emulator.containers import engine as engines
from rehearsal.emulator.containers import memory_limit, metadata_endpoint
from rehearsal.emulator.networking import network, tls
from rehearsal.emulator.networking.hosts_file import Names
from rehearsal.emulator.oidc import provider
from rehearsal.emulator.rules import settings

RECONCILE_SECONDS = 0.2


def main(directory: Path) -> None:
    """Build the network, patch MiniStack, serve until killed."""
    told = settings.read(directory)
    if told.parent_door >= 0:
        threading.Thread(target=_die_with_parent, args=(told.parent_door,), daemon=True).start()
    network.raise_bridge()
    engines.write_configuration(directory / "etc")
    names = Names(directory / "etc" / "hosts")
    engine = engines.Engine(told, names)
    reconcile = _patch(told, names, engine)
    metadata_endpoint.serve(told)
    threading.Thread(target=memory_limit.watch, args=(engine,), name="memory", daemon=True).start()
    if told.identity_environment:
        tls.authority(told.path / "tls")
        # The load balancer, which lives in this process, asks the identity provider too.
        subprocess.run(["mount", "--bind", str(names.file), "/etc/hosts"], check=True)
        provider.serve(told, names)
    threading.Thread(target=_keep_in_step, args=(reconcile,), name="reconcile", daemon=True).start()
    asyncio.run(_serve(told))


def _patch(told: settings.Settings, names: Names, engine: engines.Engine) -> Callable[[], None]:
    from ministack.core.responses import request_scope  # noqa: PLC0415  reads its settings when imported

    from rehearsal.emulator.patches import all as patches  # noqa: PLC0415

    step = patches.apply(told, names, engine)

    def reconcile() -> None:
        with request_scope(told.account, told.region):
            step()

    return reconcile


def _keep_in_step(reconcile: Callable[[], None]) -> None:
    while True:
        try:
            reconcile()
        except Exception:
            logging.getLogger("emulator").exception("the emulator could not follow a change")
        time.sleep(RECONCILE_SECONDS)


def _die_with_parent(door: int) -> None:
    """The parent holds the other end of the pipe: when that closes, the emulator and all in it end."""
    while os.read(door, 1):
        continue
    os._exit(0)


async def _serve(told: settings.Settings) -> None:
    # Only the environment of the emulator has it.
    from hypercorn.asyncio import serve  # type: ignore[import-not-found]  # noqa: PLC0415
    from hypercorn.config import Config  # type: ignore[import-not-found]  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415

    config = Config()
    config.bind = [f"fd://{told.gateway_door}", f"0.0.0.0:{told.gateway_port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(app, config)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
