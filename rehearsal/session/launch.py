"""Starts the emulator's process in its own namespaces, with its own virtualenv, directory and settings."""

import subprocess
from importlib.resources import files
from pathlib import Path

from rehearsal import emulator
from rehearsal.emulator.networking.tls import AUTHORITY_NAME
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host import namespaces, private_files

LOG_NAME = "emulator.log"
PACKAGE = Path(__file__).parents[1]
PARTS = ("etc", "efs", "rds", "tasks", "logs", "root", "tmp", "code")


def make_folders(directory: Path) -> None:
    """Make the folders of an emulator; from `code` it imports this package and nothing that is installed beside it."""
    for folder in (directory, *(directory / part for part in PARTS)):
        private_files.make_folder(folder)
    (directory / "code" / "rehearsal").symlink_to(PACKAGE)


def spawn(settings: Settings, unshare: tuple[str, ...], virtualenv: Path) -> subprocess.Popen[bytes]:
    """Start the emulator's process; a shell is its parent and pid 1, which reaps orphans.

    Args:
        settings: where it runs and which sockets it inherits.
        unshare: the options that give it its namespaces, see host/namespaces.py.
        virtualenv: where MiniStack is installed.
    """
    directory = settings.path
    command = [str(virtualenv / "bin" / "python"), "-m", emulator.__name__, str(directory)]
    inherited = [one for one in (settings.gateway_fd, settings.web_fd, settings.parent_fd) if one >= 0]
    (directory / LOG_NAME).touch(private_files.FILE_MODE)
    with (directory / LOG_NAME).open("ab") as log:
        return subprocess.Popen(
            ["unshare", *unshare, "sh", "-c", '"$@"; exit $?', "sh", *command],
            env=_env_vars(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=inherited,
            start_new_session=True,
            umask=private_files.UMASK,
        )


def _env_vars(settings: Settings) -> dict[str, str]:
    """Return the emulator's environment variables: MiniStack's settings, and nothing of this process."""
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
