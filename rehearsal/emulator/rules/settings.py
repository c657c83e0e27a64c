"""The settings of an emulator, which its session writes to a file and its process reads."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rehearsal.host import private_files

FILE_NAME = "settings.json"


@dataclass(frozen=True, kw_only=True)
class OutsideDatabase:
    """A PostgreSQL that nothing on the embedded AWS has made: its name, its address, and who logs in to which database.

    With `takes_clear` it lets in who comes without TLS. `authorities` is the file in which containers look for who
    vouches for it.
    """

    host: str
    address: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    takes_clear: bool = False
    authorities: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Ports, directory and identity of one emulator; `_fd` fields are file descriptors that its process inherits."""

    directory: str
    gateway_port: int
    web_port: int
    region: str
    account: str
    secret_key: str
    """Signs every request to the AWS API; the access key is the account."""
    gateway_fd: int
    web_fd: int
    parent_fd: int
    """Reading end of a pipe that the parent holds open; -1 when the emulator outlives its parent."""
    client_address: str
    """The address on the internet that requests to the web port come from."""
    deployer_policies: tuple[str, ...] = ()
    """Policy documents, as JSON, of who uses the key of the session; without any it may do everything."""
    identity_environment: str = ""
    """The virtualenv of the identity provider's program; empty when there is none."""
    identity_issuer: str = ""
    identity_hosts: tuple[str, ...] = ()
    identity_aliases: dict[str, str] = field(default_factory=dict)
    outside_database: OutsideDatabase | None = None

    @property
    def path(self) -> Path:
        """The emulator's directory."""
        return Path(self.directory)

    def write(self) -> None:
        """Put the settings where `read` finds them."""
        private_files.write_text(self.path / FILE_NAME, json.dumps(asdict(self), indent=2))


def read(directory: Path) -> Settings:
    """Read the settings of the emulator in a directory."""
    settings = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
    lists = {name: tuple(settings[name]) for name in ("deployer_policies", "identity_hosts")}
    outside = settings["outside_database"]
    return Settings(**{**settings, **lists, "outside_database": OutsideDatabase(**outside) if outside else None})
