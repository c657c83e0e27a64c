"""What is noted of each release: its files, who pushed it, when, and from which commit."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata

from deployer.release.airflow_home import Code


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A release. `version` is its name as Airflow shows it, which begins with the commit where there is one.

    `files` maps each path to the hash of its content, `restart` is the version of what Airflow reads only when it
    starts, `airflow` and `windsock` are releases of theirs, `at` is a moment in ISO 8601.
    """

    release: str
    version: str
    commit: str = ""
    by: str = ""
    at: str = ""
    airflow: str = ""
    windsock: str = ""
    restart: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def dags(self) -> Mapping[str, str]:
        """Hashes of the files below `dags/`, by path."""
        return {path: digest for path, digest in self.files.items() if path.startswith("dags/")}

    def text(self) -> bytes:
        """Return it as its object has it."""
        return json.dumps(asdict(self), indent=1).encode()


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest that an object holds; what a later Windsock added is passed over."""
    given = json.loads(text)
    known = Manifest.__dataclass_fields__
    return Manifest(**{name: value for name, value in given.items() if name in known})


def windsock_version() -> str:
    """Return which Windsock this is."""
    return metadata.version("windsock")


def version_of(code: Code) -> str:
    """Return the name of a release as Airflow shows it."""
    return f"{code.commit}-{code.release}" if code.commit else code.release
