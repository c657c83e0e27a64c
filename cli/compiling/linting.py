"""Prints the findings of lint in compiled templates, or refuses templates with findings."""

from collections.abc import Iterator
from pathlib import Path

from cli.compiling.compiled import Compiled
from compiler.lint import lint
from compiler.model.template_set import Finding
from spec.errors import Refusal


class FindingsRefusal(Refusal):
    """Lint has found something in compiled templates."""


def findings(compiled: Compiled, folder: Path, cache: Path) -> Iterator[str]:
    """Yield what lint finds, with the place it has in `folder`; clean results are cached below `cache`."""
    for finding in lint(compiled.templates, region=compiled.env.aws.region, cache=cache / "lint"):
        place = f"{folder / finding.file}:{finding.line}:{finding.column}:"
        yield f"{place} {finding.rule} {finding.message}\n    {_line(compiled, finding)}"


def refuse_findings(compiled: Compiled, cache: Path) -> None:
    """Refuse templates in which lint finds something."""
    if found := list(findings(compiled, compiled.templates_folder, cache)):
        raise FindingsRefusal(
            f"Lint finds fault with the templates of {compiled.path}.",
            why="\n".join(found),
            next_step="Change the YAML; if it is right, this is a bug in Windsock.",
        )


def _line(compiled: Compiled, finding: Finding) -> str:
    """Return the line a finding points at: the file on disk may differ."""
    lines = compiled.templates.files.get(finding.file, "").splitlines()
    return lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""
