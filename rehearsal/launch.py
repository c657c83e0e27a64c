"""Starts the bed's process: its own environment, its directory, its settings, its walls."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from rehearsal import emulator, environments, sandbox
from rehearsal.emulator.settings import Settings
from rehearsal.emulator.tls import AUTHORITY_NAME

LOG_NAME = "emulator.log"
LOCK_FILE = Path(__file__).with_name("emulator.lock")
IDENTITY_LOCK = Path(__file__).with_name("identity.lock")
NEWEST_PYTHON = (3, 12)
"""The newest Python the wheel with PostgreSQL's programs exists for."""
PARTS = ("etc", "efs", "rds", "tasks", "logs", "root", "tmp", "code")


def emulator_environment(cache: Path) -> Path:
    """The environment MiniStack runs in, built when missing; apart from ours because it pins its own botocore."""
    version = min(sys.version_info[:2], NEWEST_PYTHON)
    python = ".".join(map(str, version))
    return environments.build("emulator", python=python, requirements=[LOCK_FILE], constraints=None, cache=cache)


def identity_environment(cache: Path) -> Path:
    """The environment of the program that plays an identity provider, built when missing."""
    version = ".".join(map(str, min(sys.version_info[:2], NEWEST_PYTHON)))
    return environments.build("identity", python=version, requirements=[IDENTITY_LOCK], constraints=None, cache=cache)


def furnish(directory: Path) -> None:
    """Make the folders of a bed; `code` shows it this package and nothing else of where it is installed."""
    for part in PARTS:
        (directory / part).mkdir(parents=True, exist_ok=True)
    (directory / "code" / "rehearsal").symlink_to(Path(__file__).parent)


def spawn(settings: Settings, walls: tuple[str, ...], environment: Path) -> subprocess.Popen[bytes]:
    """Start the bed's process; a shell stays in front of it as pid 1 to bury the dead."""
    directory = settings.path
    command = [str(environment / "bin" / "python"), "-m", emulator.__name__, str(directory)]
    doors = [door for door in (settings.gateway_door, settings.web_door, settings.parent_door) if door >= 0]
    with (directory / LOG_NAME).open("ab") as log:
        return subprocess.Popen(
            ["unshare", *walls, "sh", "-c", '"$@"; exit $?', "sh", *command],
            env=_surroundings(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=doors,
            start_new_session=True,
        )


def _surroundings(settings: Settings) -> dict[str, str]:
    """The environment of the bed: MiniStack's settings, and nothing of this process."""
    directory = settings.path
    return {
        "PATH": sandbox.SYSTEM_PATH,
        "HOME": str(directory),
        "TMPDIR": str(directory / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(directory / "code"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONTZPATH": str(files("tzdata") / "zoneinfo"),  # which not every machine has
        "GATEWAY_PORT": str(settings.gateway_port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": settings.region,
        "MINISTACK_ACCOUNT_ID": settings.account,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DOCKER_HOST": f"unix://{directory}/no-docker",
        "LOG_LEVEL": "INFO",
        **({"SSL_CERT_FILE": str(directory / "tls" / AUTHORITY_NAME)} if settings.identity_environment else {}),
    }
