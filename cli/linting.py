"""Lint as a condition: whoever builds on templates wants them without a finding."""

from pathlib import Path

from cli.drawing import Drawing
from compiler.lint import lint
from spec.errors import Refusal


class FindingsRefusal(Refusal):
    """Lint has found something in compiled templates."""


def refuse_findings(drawing: Drawing, cache: Path) -> None:
    """Refuse templates in which lint finds something; clean results are remembered below `cache`."""
    findings = lint(drawing.templates, region=drawing.env.aws.region, cache=cache / "lint")
    if findings:
        raise FindingsRefusal(
            f"Lint finds fault with the templates of {drawing.path}.",
            why="\n".join(f"{f.file}:{f.line}:{f.column} {f.rule} {f.message}" for f in findings),
            next_step="Change the YAML; if it is right, this is a bug in Windsock.",
        )
