"""Finds the options of Airflow in an environment YAML that another release has dropped or renamed."""

from collections.abc import Iterator

from cli.upgrading.finding import Finding
from spec.environment import Environment
from spec.reading.positioned_yaml import Document, Path
from spec.releases.option_list import option_list


def option_findings(env: Environment, document: Document, target: str) -> Iterator[Finding]:
    """Yield each option that the target does not know by this name, and that the release of the YAML knows."""
    before, after = option_list(env.airflow.version), option_list(target)
    for path, section, key in _options(env):
        if after.knows(section, key) or after.is_sensitive(section, key) or not before.knows(section, key):
            continue
        new = ".".join(after.current_name(section, key))
        renamed = new != f"{section}.{key}"
        line = document.keys[path].line if path in document.keys else 0
        message = (
            f"Airflow {target} calls {section}.{key} {new}" if renamed else f"Airflow {target} has no {section}.{key}"
        )
        yield Finding(file=document.file, line=line, rule="option", message=message, must=not renamed)


def _options(env: Environment) -> Iterator[tuple[Path, str, str]]:
    for section, keys in env.airflow.config.items():
        for key in keys:
            yield ("airflow", "config", section, key), section, key
