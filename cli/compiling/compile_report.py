"""What a compile of several environments did, as values to print."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.compiling.linting import LintFinding


@dataclass(frozen=True, kw_only=True)
class CompileReport:
    """One environment: its YAML, its name, the folder of its templates, and the names of those that changed there."""

    yaml: str
    environment: str
    folder: str
    changed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass
class CompileOutcome:
    """The exit code, a report for each environment, and what lint found."""

    code: int = 0
    environments: list[CompileReport] = field(default_factory=list)
    findings: "list[LintFinding]" = field(default_factory=list)
