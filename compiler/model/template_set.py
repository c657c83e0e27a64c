"""The templates of one environment, or of the network of several, and what a check finds in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ROOT = "root.yaml"
BOOTSTRAP = "toolkit.yaml"

Severity = Literal["error", "warning", "info"]


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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check found in a template; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    rule: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.rule} {self.message}"
