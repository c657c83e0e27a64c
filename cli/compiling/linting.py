"""Prints the findings of lint in compiled templates, or refuses templates with findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.compiling.compiled import Compiled
from compiler.lint import lint
from compiler.model.template_set import Finding
from spec.errors import Refusal


class FindingsRefusal(Refusal):
    """Lint has found something in compiled templates."""


@dataclass(frozen=True, kw_only=True)
class LintFinding:
    """What lint found, with the YAML of the template, the template's file, and the line that it points at."""

    yaml: str
    file: str
    line: str
    finding: Finding

    def __str__(self) -> str:
        found = self.finding
        return f"{self.file}:{found.line}:{found.column}: {found.rule} {found.message}\n    {self.line}"


def findings(compiled: Compiled, folder: Path, cache: Path) -> Iterator[LintFinding]:
    """Yield what lint finds, with the place it has in `folder`; clean results are cached below `cache`."""
    for finding in lint(compiled.templates, region=compiled.env.aws.region, cache=cache / "lint"):
        yield LintFinding(
            yaml=str(compiled.path),
            file=str(folder / finding.file),
            line=_line(compiled, finding),
            finding=finding,
        )


def refuse_findings(compiled: Compiled, cache: Path) -> None:
    """Refuse templates in which lint finds something."""
    if found := list(findings(compiled, compiled.templates_folder, cache)):
        raise FindingsRefusal(
            f"Lint finds fault with the templates of {compiled.path}.",
            why="\n".join(map(str, found)),
            next_step="Change the YAML; if it is right, this is a bug in Windsock.",
        )


def _line(compiled: Compiled, finding: Finding) -> str:
    """Return the line a finding points at: the file on disk may differ."""
    lines = compiled.templates.files.get(finding.file, "").splitlines()
    return lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""
