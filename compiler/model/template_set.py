"""The templates of one environment, or of the network of several."""

from collections.abc import Mapping
from dataclasses import dataclass

ROOT = "root.yaml"
BOOTSTRAP = "toolkit.yaml"


@dataclass(frozen=True)
class TemplateSet:
    """The templates of the environment `name`.

    `files` maps file names to texts: the root, the bootstrap stack, then the nested stacks in deploy order; `nested`
    names the latter (`network` for `network.yaml`). Those of a network are the root alone.
    """

    name: str
    files: Mapping[str, str]
    nested: tuple[str, ...]

    @property
    def inline(self) -> str:
        """The file that CloudFormation gets in a request: the bootstrap stack, or the whole of a network."""
        return BOOTSTRAP if BOOTSTRAP in self.files else ROOT
