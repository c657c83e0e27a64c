"""What the emulator is told at its start, handed over as a file in its directory."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE_NAME = "settings.json"


@dataclass(frozen=True)
class Settings:
    """Ports, place and identity of one emulator; the numbers ending in `_door` are inherited file descriptors."""

    directory: str
    gateway_port: int
    web_port: int
    region: str
    account: str
    gateway_door: int
    web_door: int
    parent_door: int
    """Reading end of a pipe the parent holds open; -1 when the emulator outlives its parent."""
    identity_environment: str = ""
    """The environment of the program that plays an identity provider; empty when there is none."""
    identity_issuer: str = ""
    identity_hosts: tuple[str, ...] = ()
    identity_aliases: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The emulator's directory."""
        return Path(self.directory)

    def write(self) -> None:
        """Put the settings where `read` finds them."""
        (self.path / FILE_NAME).write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


def read(directory: Path) -> Settings:
    """The settings of the emulator in a directory."""
    told = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
    return Settings(**{**told, "identity_hosts": tuple(told["identity_hosts"])})
