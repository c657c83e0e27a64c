"""Returns what CI runs for a new project: review and rehearsal of a pull request, deploy of what is merged."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cli.terminal.version import VERSION

HOSTS: Mapping[str, str] = MappingProxyType({"github": ".github/workflows/windsock.yaml", "gitlab": ".gitlab-ci.yml"})
"""The place of the file in a project, by its host."""

NONE = "none"
_VERSION = "@VERSION@"


def pipeline(host: str) -> dict[str, bytes]:
    """Return the file for a host by its path, with the version of this Windsock; nothing for `none`."""
    if host == NONE:
        return {}
    text = (Path(__file__).parent / f"{host}.yaml").read_text(encoding="utf-8")
    return {HOSTS[host]: text.replace(_VERSION, VERSION).encode()}
