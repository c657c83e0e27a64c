"""Starts the emulator's process: its own environment, its directory, its settings, its walls."""

import subprocess
from importlib.resources import files
from pathlib import Path

from rehearsal import emulator
from rehearsal.emulator.networking.tls import AUTHORITY_NAME
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host import namespaces

LOG_NAME = "emulator.log"
PACKAGE = Path(__file__).parents[1]
PARTS = ("etc", "efs", "rds", "tasks", "logs", "root", "tmp", "code")


def furnish(directory: Path) -> None:
    """Make the folders of an emulator; `code` shows it this package and nothing else of where it is installed."""
    for part in PARTS:
        (directory / part).mkdir(parents=True, exist_ok=True)
    (directory / "code" / "rehearsal").symlink_to(PACKAGE)


def spawn(settings: Settings, walls: tuple[str, ...], environment: Path) -> subprocess.Popen[bytes]:
    """Start the emulator's process; a shell stays in front of it as pid 1 to bury the dead."""
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
    """The environment of the emulator: MiniStack's settings, and nothing of this process."""
    directory = settings.path
    return {
        "PATH": namespaces.SYSTEM_PATH,
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
