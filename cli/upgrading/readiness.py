"""Looks, without AWS, whether an environment is ready for another Airflow release: YAML, code and requirements."""

from collections.abc import Iterator
from pathlib import Path

from cli.upgrading.air_rules import air_findings
from cli.upgrading.finding import Finding
from cli.upgrading.option_changes import option_findings
from cli.upgrading.target_yaml import yaml_findings
from deployer.release.image_context import ImageContext
from deployer.release.requirements import contradictions, read_pins, read_requirements
from spec.environment import Environment
from spec.reading.load import text_of
from spec.reading.positioned_yaml import read
from spec.releases.table import Release
from spec.sections.code import usual_delivery

_IGNORE = ".airflowignore"


def findings(path: Path, env: Environment, target: Release) -> Iterator[Finding]:
    """Yield what stands in the way of the release `target`; `path` is the environment YAML. Raises `Refusal`."""
    text, home = text_of(path), path.parent / env.airflow.home
    document = read(text, str(path))
    yield from yaml_findings(text, document, target)
    yield from option_findings(env, document, target.version)
    yield from _delivery_findings(path, env, target)
    yield from _ignore_findings(home, env, target)
    yield from air_findings(home, target)
    yield from _requirement_findings(path.parent / env.image.context, env, target)


def _delivery_findings(path: Path, env: Environment, target: Release) -> Iterator[Finding]:
    usual = usual_delivery(target, expires=env.ttl is not None)
    if env.code.delivery is None and usual != env.code_delivery:
        message = (
            f"without code.delivery, Airflow {target.version} has {usual}, and deploy refuses that change: add "
            f"`code: {{delivery: {env.code_delivery}}}`"
        )
        yield Finding(file=str(path), line=0, rule="delivery", message=message)


def _ignore_findings(home: Path, env: Environment, target: Release) -> Iterator[Finding]:
    chosen = env.airflow.config.get("core", {}).get("dag_ignore_file_syntax")
    if chosen or target.ignore_syntax == env.airflow.release.ignore_syntax:
        return
    for file in sorted((home / "dags").rglob(_IGNORE)):
        message = (
            f"Airflow {target.version} reads its patterns as {target.ignore_syntax}, not as "
            f"{env.airflow.release.ignore_syntax}, unless core.dag_ignore_file_syntax says so"
        )
        yield Finding(file=str(file), line=0, rule="ignore", message=message)


def _requirement_findings(folder: Path, env: Environment, target: Release) -> Iterator[Finding]:
    context = ImageContext(folder=folder, lock=target.lock_file(target.python), airflow=target.version)
    pins = {**read_pins(context.constraints_text), **env.image.pins}
    for line, wanted, pinned in contradictions(read_requirements(folder), pins):
        message = (
            f"{wanted.name}{wanted.specifier} contradicts {wanted.name} {pinned}, a pin of Airflow {target.version}"
        )
        yield Finding(file=str(line.file), line=line.number, rule="requirement", message=message)
