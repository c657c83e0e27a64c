"""Emulator sessions without an emulator behind them, and such a session as it is found on disk."""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from rehearsal.host import processes
from rehearsal.session.emulator_session import FILE_NAME, EmulatorSession

NOWHERE = EmulatorSession(
    directory=Path("/nowhere"),
    endpoint_url="http://127.0.0.1:4566",
    web_url="http://127.0.0.1:8080",
    gateway_port=4566,
    web_port=8080,
    secret_key="secret",
    pid=1,
    born=0,
)


def write_down(directory: Path, *, alive: bool = True, port: int = 4566, pid: int = 0) -> EmulatorSession:
    """Write a session as `emulator_session` does; this process stands for a living one unless another is named."""
    pid = pid or os.getpid()
    session = replace(
        NOWHERE,
        directory=directory,
        endpoint_url=f"http://127.0.0.1:{port}",
        gateway_port=port,
        pid=pid,
        born=(processes.born(pid) or 0) + (not alive),
    )
    directory.mkdir(parents=True)
    (directory / FILE_NAME).write_text(json.dumps({**asdict(session), "directory": str(directory)}))
    return session
